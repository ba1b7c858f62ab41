// Runs before the app, in every browser: it says so plainly where the app cannot run.
(function () {
  "use strict";
  var fits = false;
  try {
    fits =
      typeof WebAssembly === "object" &&
      "popover" in HTMLElement.prototype &&
      typeof HTMLDialogElement === "function" &&
      CSS.supports("color", "light-dark(#000, #fff)") &&
      CSS.supports("selector(:has(a))");
  } catch (_) {
    fits = false;
  }
  if (!fits) {
    document.documentElement.setAttribute("data-too-old", "");
  }
})();
