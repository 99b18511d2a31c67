"use strict";

// Pages read well without this script. With it they follow the books, and a few keys save a hand's way.
(() => {
  const main = () => document.getElementById("main");
  const lost = document.getElementById("lost");

  const enliven = () => {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = !navigator.clipboard;
    }
  };

  // The same page once more, and its main part in the place of ours.
  const refresh = async () => {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.redirected) {
      location.assign(response.url);
      return;
    }
    const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
    const isTyping = main().contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
    if (next && !isTyping) {
      const opened = [...main().querySelectorAll("details")].map((details) => details.open);
      main().replaceWith(next);
      [...next.querySelectorAll("details")].forEach((details, i) => { details.open = opened[i] ?? false; });
      enliven();
    }
  };

  const follow = () => {
    const events = new EventSource("/events");
    let wasLost = false;
    events.onopen = () => {
      lost.hidden = true;
      if (wasLost) {
        wasLost = false;
        refresh().catch(() => {});
      }
    };
    events.onmessage = () => refresh().catch(() => {});
    events.onerror = () => {
      wasLost = true;
      lost.hidden = false;
      // Refused, not cut off: a browser does not try that again by itself.
      if (events.readyState === EventSource.CLOSED) {
        setTimeout(follow, 3000);
      }
    };
  };

  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm;
    if (question && !confirm(question)) {
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    const text = event.target.dataset?.copy;
    if (text) {
      navigator.clipboard.writeText(text).then(() => { event.target.textContent = "Copied"; });
    }
  });

  const step = (by) => {
    const links = [...document.querySelectorAll(".jobs th a")];
    const at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (event.key === "j") {
      step(1);
    } else if (event.key === "k") {
      step(-1);
    }
  });

  enliven();
  if (main()?.hasAttribute("data-live")) {
    follow();
  }
})();
