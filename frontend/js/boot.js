// Runs before the app, in every browser: it says so plainly where the app cannot run, and shows the
// theme that was chosen before the first paint.
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
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.setAttribute("data-theme", theme);
    }
  } catch (_) {
    // Storage is forbidden: the system's theme it is.
  }
  // The app's own templates hold neither addresses nor handlers.
  if (window.trustedTypes) {
    trustedTypes.createPolicy("default", {
      createHTML: function (html) {
        return /^([^<>]|<\/?(?!script|style|meta|base|link|iframe|object|embed|form)[a-z][a-z0-9]*( (?!on|src|style|action)[a-z-]+(="[^"<>:&]*")?)*>)*$/.test(html)
          ? html
          : null;
      },
    });
  }
  // A page that went away comes back from the server only, which asks whether somebody is signed in.
  addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });
  if (!fits) {
    document.documentElement.setAttribute("data-too-old", "");
  }
})();
