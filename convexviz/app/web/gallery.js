// Cards with a picture; a click sends the card's name once.
const GALLERIES = new WeakMap();

function makeCard(card, pick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cvz-card";
  button.dataset.testid = `preset-${card.name}`;
  button.dataset.name = card.name;
  button.title = card.description;
  button.innerHTML = card.svg; // made by the app's own code from numbers
  const title = document.createElement("span");
  title.textContent = card.title;
  button.append(title);
  button.addEventListener("click", () => pick(card.name));
  return button;
}

export default function mountGallery({ data, parentElement, setTriggerValue }) {
  let gallery = GALLERIES.get(parentElement);
  if (!gallery) {
    gallery = { root: document.createElement("div"), text: "" };
    gallery.root.className = "cvz-gallery";
    parentElement.append(gallery.root);
    GALLERIES.set(parentElement, gallery);
  }
  gallery.pick = (name) => setTriggerValue("pick", name);
  const text = JSON.stringify(data.cards);
  if (text !== gallery.text) {
    gallery.text = text;
    gallery.root.replaceChildren(...data.cards.map((card) => makeCard(card, (name) => gallery.pick(name))));
  }
  for (const button of gallery.root.children) {
    button.setAttribute("aria-pressed", String(button.dataset.name === data.chosen));
  }
  return () => {
    GALLERIES.get(parentElement)?.root.remove();
    GALLERIES.delete(parentElement);
  };
}
