// Runs before anything is drawn: the theme that the system asks for, and a loud word where something fails later. The
// page must never look checked when it is not.

const dark = matchMedia("(prefers-color-scheme: dark)");
document.documentElement.dataset.theme = dark.matches ? "dark" : "light";

function alarm(reason) {
  /** @type {HTMLElement | null} */
  const box = document.querySelector(".cvz-page-alert");
  if (!box) return;
  box.hidden = false;
  box.textContent = `A part of this page could not be shown (${reason}), and what is missing was not checked. Open the page in a current browser.`;
}

// A window that changes its size while pictures are measured says so; that is no failure.
const harmless = (message) => /ResizeObserver loop/.test(message ?? "");

addEventListener("error", ({ message }) => harmless(message) || alarm(message || "a script did not load"));
addEventListener("unhandledrejection", ({ reason }) => alarm(reason?.message ?? String(reason)));
