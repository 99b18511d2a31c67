"use strict";

// Pages read well without this script. With it they follow the books, and a few keys save a hand's way.
(() => {
  const main = () => document.getElementById("main");
  const lost = document.getElementById("lost");
  const away = lost?.textContent;

  // Times stand in the page in UTC; whoever prefers sees those of the own clock.
  const isLocal = () => localStorage.getItem("times") === "local";
  const showTimes = () => {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      const text = isLocal() ? at.toLocaleString() : time.dateTime.replace("T", " ").replace("Z", " UTC");
      time.title = text;
      if (time.hasAttribute("data-whole")) {
        time.textContent = text;
      }
    }
    for (const button of document.querySelectorAll("[data-times]")) {
      button.hidden = false;
      button.textContent = isLocal() ? "Times: local" : "Times: UTC";
    }
  };

  const enliven = () => {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = !navigator.clipboard;
    }
    showTimes();
    fetchParts();
  };

  const pageOf = async (path) => {
    const response = await fetch(path, { headers: { Accept: "text/html" } });
    if (response.redirected) {
      // To the login. This page stays: what was typed into it is not lost.
      lost.textContent = lost.dataset.ended;
      lost.hidden = false;
      throw new Error("the session has ended");
    }
    if (!response.ok) {
      throw new Error("refused with " + response.status);
    }
    return new DOMParser().parseFromString(await response.text(), "text/html");
  };

  // What takes longer to find out than the page itself comes after it, and is asked seldom.
  const fetched = new Map();
  const fetchParts = () => {
    for (const place of document.querySelectorAll("[data-fetch]")) {
      const path = place.dataset.fetch;
      const known = fetched.get(path);
      if (known) {
        place.replaceChildren(...known.nodes);
      }
      if (!known || Date.now() - known.at > 15000) {
        fetched.set(path, { at: Date.now(), nodes: known?.nodes ?? [...place.childNodes] });
        pageOf(path).then((page) => {
          const opened = new Set([...place.querySelectorAll("details[open] summary")].map((each) => each.textContent));
          const nodes = [...page.getElementById(place.id).childNodes];
          for (const node of nodes) {
            if (node.tagName === "DETAILS" && opened.has(node.querySelector("summary").textContent)) {
              node.open = true;
            }
          }
          fetched.set(path, { at: Date.now(), nodes });
          if (!place.contains(document.activeElement)) {
            document.getElementById(place.id)?.replaceChildren(...nodes);
          }
        }).catch(() => {});
      }
    }
  };

  // What had the focus has it again when its place was made anew.
  const signOf = (element) => element?.getAttribute("href") ?? element?.id;
  const keepFocus = (change) => {
    const focused = document.activeElement;
    const sign = main().contains(focused) ? signOf(focused) : null;
    change();
    if (sign && !document.contains(focused)) {
      [...main().querySelectorAll("a, button, input")].find((each) => signOf(each) === sign)?.focus({ preventScroll: true });
    }
  };

  // The same page once more, and its main part in the place of ours; of a page that has parts, only those, so that
  // nobody's typing or opening of lists is undone.
  const refresh = async () => {
    const next = (await pageOf(location.href)).getElementById("main");
    if (!next) {
      return;
    }
    const parts = [...next.querySelectorAll("[data-part]")];
    keepFocus(() => {
      if (parts.length > 0) {
        for (const part of parts) {
          const old = document.getElementById(part.id);
          const opened = [...old.querySelectorAll("details")].map((details) => details.open);
          old.replaceWith(part);
          [...part.querySelectorAll("details")].forEach((details, i) => { details.open = opened[i] ?? false; });
        }
      } else {
        const opened = [...main().querySelectorAll("details")].map((details) => details.open);
        main().replaceWith(next);
        [...next.querySelectorAll("details")].forEach((details, i) => { details.open = opened[i] ?? false; });
      }
    });
    enliven();
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
      if (events.readyState === EventSource.CLOSED) {
        // Refused, not cut off: a browser does not try that again by itself. Why, the page's own answer tells.
        pageOf(location.href).catch(() => {});
        setTimeout(follow, 3000);
      } else {
        lost.textContent = away;
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
    if (event.target.hasAttribute?.("data-times")) {
      localStorage.setItem("times", isLocal() ? "utc" : "local");
      showTimes();
    }
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

  // The editor: names are completed from the catalog's own tables and columns.
  const editor = document.querySelector("[data-editor]");
  if (editor) {
    const KEYWORDS = ("select from where group by order limit having join left on using and or not in is null like ilike between case when then "
      + "else end as distinct with count sum avg min max now interval desc asc cross lateral unnest union all coalesce").split(" ");
    const list = document.createElement("ul");
    list.className = "words";
    list.id = "words";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Names that fit");
    list.hidden = true;
    editor.after(list);
    editor.setAttribute("aria-autocomplete", "list");
    editor.setAttribute("aria-controls", "words");
    let tables = null;
    let at = 0;

    const wordsThere = async () => {
      tables ??= (await (await fetch("/sql/words.json")).json()).tables;
      return tables;
    };

    const begun = () => /[\w.]*$/.exec(editor.value.slice(0, editor.selectionStart))[0];

    const fitting = (word) => {
      const last = word.slice(word.lastIndexOf(".") + 1).toLowerCase();
      const text = editor.value.toLowerCase();
      const named = Object.keys(tables).filter((table) => text.includes(table));
      const columns = new Set((named.length ? named : Object.keys(tables)).flatMap((table) => tables[table]));
      return [...new Set([...columns, ...Object.keys(tables), ...KEYWORDS])]
        .filter((name) => name.toLowerCase().startsWith(word.toLowerCase()) || (last && name.toLowerCase().includes(last)))
        .filter((name) => name !== word)
        .sort((a, b) => b.startsWith(last) - a.startsWith(last))
        .slice(0, 50);
    };

    const close = () => {
      list.hidden = true;
      editor.removeAttribute("aria-activedescendant");
    };

    const mark = (to) => {
      const items = [...list.children];
      at = (to + items.length) % items.length;
      items.forEach((item, i) => item.setAttribute("aria-selected", i === at));
      editor.setAttribute("aria-activedescendant", items[at].id);
      items[at].scrollIntoView({ block: "nearest" });
    };

    const take = (name) => {
      const end = editor.selectionStart;
      editor.setRangeText(name, end - begun().length, end, "end");
      close();
      editor.focus();
    };

    const open = async (always) => {
      await wordsThere();
      const word = begun();
      const names = word.length > 1 || always ? fitting(word) : [];
      if (names.length === 0) {
        close();
        return;
      }
      list.replaceChildren(...names.map((name, i) => {
        const item = document.createElement("li");
        item.id = "word-" + i;
        item.setAttribute("role", "option");
        item.textContent = name;
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(name); });
        return item;
      }));
      list.hidden = false;
      mark(0);
    };

    editor.addEventListener("input", () => open(false).catch(close));
    editor.addEventListener("blur", close);
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        editor.form.requestSubmit();
      } else if (event.key === " " && event.ctrlKey) {
        event.preventDefault();
        open(true).catch(close);
      } else if (!list.hidden) {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          event.preventDefault();
          mark(at + (event.key === "ArrowDown" ? 1 : -1));
        } else if (event.key === "Tab" || event.key === "Enter") {
          event.preventDefault();
          take(list.children[at].textContent);
        } else if (event.key === "Escape") {
          close();
        }
      }
    });
  }

  enliven();
  if (main()?.hasAttribute("data-live")) {
    follow();
  }
})();
