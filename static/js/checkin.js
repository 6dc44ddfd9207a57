// What a learner's phone does by itself: send the mark, tell of a refused code, tidy its history. Every page works without it.

/** Nothing is sent while a browser only prepares the page, before anybody has seen it. */
function whenSeen() {
  const page = /** @type {Document & {prerendering?: boolean}} */ (document);
  return new Promise((resolve) => {
    if (page.prerendering) page.addEventListener("prerenderingchange", resolve, { once: true });
    else resolve(undefined);
  });
}

/** Going back to an answer must not ask whether to send the form again: its place in the history is a page to read. */
function leaveNoForm() {
  const instead = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[data-instead]"));
  if (instead) history.replaceState(null, "", instead.href);
}

leaveNoForm();
whenSeen().then(() => {
  /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-send-now]"))?.submit();
  const quiet = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-send-quietly]"));
  if (quiet) fetch(quiet.action, { method: "POST", body: new FormData(quiet), keepalive: true }).catch(() => {});
});
