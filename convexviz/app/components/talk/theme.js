// Light or dark: what the speaker has chosen by key lasts as long as the tab.

const NAME = "convexviz-talk-theme";

/** @returns {string} */
export function chosen() {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    return ""; // nothing may be stored here
  }
}

/** @param {"light" | "dark"} theme */
export function choose(theme) {
  try {
    sessionStorage.setItem(NAME, theme);
  } catch {
    document.documentElement.dataset.talkTheme = theme;
  }
}

// Streamlit's own theme: that of its menu, or of the system.
export function visitors() {
  const app = document.querySelector(".stApp");
  return app && getComputedStyle(app).colorScheme.includes("dark") ? "dark" : "light";
}
