// What a panel needs once something is opened in it: forms with drafts and files, pictures and
// films behind the token. It comes apart, so that what is shown first is readable sooner.
(() => {
  'use strict';
  const { at, body, call, fail, keep, keepGuest, kept, say, view, words } = CorbelPanel;

  // -- files behind the token: fetched, then shown from memory

  const blob = async (path) => {
    const answer = await call(path);
    if (!answer.ok) throw new Error(answer.status);
    return URL.createObjectURL(await answer.blob());
  };
  const picture = async (image, path) => {
    try { image.src = await blob(path); } catch { image.alt ||= words.gone; image.removeAttribute('src'); }
  };
  const download = async (link) => {
    try {
      const made = document.createElement('a');
      made.href = await blob(link.getAttribute('href'));
      made.download = link.textContent.trim();
      made.click();
      setTimeout(() => URL.revokeObjectURL(made.href), 60e3);
    } catch { fail(words.broken); }
  };
  const stale = (answer) => { // to a question of a view that is gone; what was sent is another matter
    if (!answer.target.isConnected && !answer.target.matches('form')) answer.preventDefault();
  };
  const furnish = (place) => {
    const all = (what) => place.querySelectorAll(what);
    for (const image of all('img[data-file]')) picture(image, at(`files/${image.dataset.file}`));
    for (const image of all('img[src*="/widget/"]')) {
      const path = image.getAttribute('src');
      image.removeAttribute('src');
      picture(image, path);
    }
    for (const image of all('.article-body img')) offerWhole(image);
    for (const film of all('video[data-passes]')) play(film);
    for (const button of all('[data-capture]')) button.hidden = !navigator.mediaDevices?.getDisplayMedia;
    for (const list of all('[data-previews]')) offerDrawing(list);
    for (const block of all('[data-facts]')) facts(block);
    for (const form of all('form[data-write]')) restore(form);
    place.addEventListener('htmx:beforeOnLoad', stale); // it is gone as a whole, and hears of it still
  };
  document.addEventListener('htmx:load', ({ detail }) => furnish(detail.elt));

  document.addEventListener('click', (click) => {
    const link = click.target.closest('a, button');
    if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
    if ('capture' in link.dataset) capture(link);
    else if ('load' in link.dataset) elsewhere(link.closest('[data-embed]'), 0);
    else if ('at' in link.dataset) {
      click.preventDefault();
      seek(Number(link.dataset.at));
    } else if (!click.defaultPrevented && link.pathname?.includes('/widget/')) { // a file of a ticket
      click.preventDefault();
      download(link);
    }
  });

  // -- a picture as large as there is room

  const dialog = (name, label) => {
    const made = document.createElement('dialog');
    Object.assign(made, { className: name, onclose: () => { made.remove(); shape(''); } });
    made.setAttribute('aria-label', label);
    body.append(made);
    return made;
  };
  const wait = (time) => new Promise((done) => { setTimeout(done, time); });
  // of the panel on the page around us, whose script may be older than this one
  const shape = (kind) => Promise.race([CorbelPanel.ask('shape', { kind }), wait(600)]);
  const whole = (image) => {
    const shown = dialog('help__whole', image.alt || words.picture);
    const close = document.createElement('button');
    Object.assign(close, { type: 'button', className: 'button', textContent: words.shut, onclick: () => shown.close() });
    const copy = new Image();
    Object.assign(copy, { src: image.src, alt: image.alt });
    copy.onclick = () => shown.close();
    shown.append(copy, close);
    shape('wide');
    shown.showModal();
    close.focus();
  };
  const offerWhole = (image) => {
    if (image.closest('a, button') || (image.width && image.width < 120)) return; // a sign among words
    image.tabIndex = 0;
    image.setAttribute('role', 'button');
    image.setAttribute('aria-label', `${words.enlarge}: ${image.alt}`);
    image.onclick = () => whole(image);
    image.onkeydown = (key) => { if (key.key === 'Enter' || key.key === ' ') { key.preventDefault(); whole(image); } };
  };

  // -- films: read in parts from an address that is good for this film and for a while

  const play = async (film) => {
    for (const track of film.querySelectorAll('track')) {
      blob(at(`files/${track.dataset.file}`)).then((src) => { track.src = src; }).catch(() => {});
    }
    if (film.dataset.still) blob(at(`files/${film.dataset.still}`)).then((src) => { film.poster = src; }).catch(() => {});
    follow(film);
    film.onerror = async () => { // the pass has ended: go on with another where one was
      const { currentTime: place, paused } = film;
      if (film.dataset.again) { fail(words.broken); return; }
      film.dataset.again = 'yes';
      if (!await admit(film)) return;
      film.onloadedmetadata = () => { film.currentTime = place; if (!paused) film.play().catch(() => {}); };
      film.onplaying = () => { delete film.dataset.again; };
    };
    await admit(film);
  };
  const admit = async (film) => {
    try {
      const answer = await call(film.dataset.passes, { method: 'POST' });
      if (!answer.ok) throw new Error(answer.status);
      film.src = (await answer.json()).address;
      return true;
    } catch { fail(words.broken); return false; }
  };
  const follow = (film) => {
    const moments = [...view.querySelectorAll('[data-said] [data-at]')];
    film.ontimeupdate = () => {
      for (const moment of moments) {
        const is = Number(moment.dataset.at) <= film.currentTime && film.currentTime < Number(moment.dataset.until);
        moment.toggleAttribute('data-now', is);
      }
    };
  };
  const seek = (place) => {
    const film = view.querySelector('video[data-passes]');
    if (film) {
      film.currentTime = place;
      film.play().catch(() => {}); // whoever forbids it presses play
      film.scrollIntoView({ block: 'nearest' });
    } else elsewhere(view.querySelector('[data-embed]'), place);
  };
  const elsewhere = (screen, place) => { // asked for nothing before somebody presses
    if (!screen) return;
    const address = new URL(screen.dataset.embed);
    if (place) address.searchParams.set('start', String(Math.floor(place)));
    if (place && address.hostname === 'player.vimeo.com') address.hash = `t=${Math.floor(place)}s`;
    const frame = document.createElement('iframe');
    Object.assign(frame, { src: address, title: screen.dataset.title, className: 'watch__frame', allow: 'autoplay; fullscreen; picture-in-picture', referrerPolicy: 'strict-origin-when-cross-origin' });
    screen.replaceChildren(frame);
    frame.focus();
  };

  // -- what we send along: shown, and only what stays ticked

  const browser = () => {
    const data = navigator.userAgentData;
    const brandOf = data?.brands.find(({ brand: name }) => !/not.?a.?brand|chromium/i.test(name));
    return brandOf ? `${brandOf.brand} ${brandOf.version}, ${data.platform}` : navigator.userAgent;
  };
  const facts = (block) => {
    const { host } = CorbelPanel;
    const known = {
      page_url: host.url,
      browser: browser(),
      viewport: host.viewport,
      locale: CorbelPanel.language,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      errors: (host.errors ?? []).map((error) => error.message).join('\n'),
    };
    for (const row of block.querySelectorAll('[data-fact]')) {
      const text = known[row.dataset.fact] || '';
      row.hidden = !text;
      row.querySelector('textarea').value = text;
    }
  };
  const captured = (form) => {
    const block = form.querySelector('[data-facts]');
    if (!block) return;
    const kept = {};
    for (const row of block.querySelectorAll('[data-fact]:not([hidden])')) {
      const text = row.querySelector('textarea').value.trim();
      if (row.querySelector('input').checked && text) kept[row.dataset.fact] = text;
    }
    if (kept.errors) {
      const times = new Map((CorbelPanel.host.errors ?? []).map((error) => [error.message, error.at]));
      kept.errors = kept.errors.split('\n').filter(Boolean).map((message) => ({ at: times.get(message) || '', message }));
    }
    form.elements.captured.value = JSON.stringify(kept);
  };

  // -- drafts: with the server for who is known, in this browser for guests

  const WRITTEN = 'form[data-write]';
  const timers = new WeakMap();
  const saving = new WeakMap();
  const unsaved = new Set();
  const sending = new Set();
  const guestsWords = () => { try { return JSON.parse(kept('words')) || {}; } catch { return {}; } };
  const keepWords = (form, said) => {
    const { [form.getAttribute('hx-post')]: _former, ...others } = guestsWords();
    keep('words', JSON.stringify(said ? { ...others, [form.getAttribute('hx-post')]: said } : others));
  };
  const state = (form, text) => { form.querySelector('[data-draft-state]').textContent = text; };
  const plain = (form) => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File || name === 'captured') data.delete(name);
    return data;
  };
  const keepDraft = async (form, leaving) => {
    if (!form.dataset.draft) {
      const { body: { value: text }, press } = form.elements;
      keepGuest();
      keepWords(form, text && { text, press: sending.has(form) ? press.value : '' });
      return;
    }
    try {
      const options = { method: 'POST', body: plain(form), keepalive: leaving };
      const headers = { Authorization: `Bearer ${CorbelPanel.token}` };
      const answer = leaving ? await fetch(form.dataset.draft, { ...options, credentials: 'omit', headers }) : await call(form.dataset.draft, options);
      if (!answer.ok) throw new Error(answer.status);
      state(form, words.saved);
    } catch { if (!leaving) state(form, words.unsaved); }
  };
  const save = (form, leaving = false) => {
    unsaved.delete(form);
    clearTimeout(timers.get(form));
    if (form.isConnected || leaving) saving.set(form, keepDraft(form, leaving));
  };
  const restore = async (form) => {
    const { body: field, press } = form.elements;
    const said = guestsWords()[form.getAttribute('hx-post')];
    if (form.dataset.draft || !said || !field || field.value) return;
    if (said.press) { // the page went away while they were being sent
      const answer = await call(at(`submissions/${said.press}`)).catch(() => null);
      if (answer?.status === 204) {
        keepWords(form);
        state(form, words.arrived);
        return;
      }
      form.dataset.press = press.value; // of other words; the same ones may still arrive
      press.value = said.press;
    }
    field.value ||= said.text;
  };
  const forget = (form) => {
    clearTimeout(timers.get(form));
    unsaved.delete(form);
    if (!form.dataset.draft) keepWords(form);
  };
  document.addEventListener('input', (input) => {
    const form = input.target.closest(WRITTEN);
    if (!form || input.target.closest('[data-facts]')) return;
    if (form.dataset.press) form.elements.press.value = form.dataset.press;
    unsaved.add(form);
    clearTimeout(timers.get(form));
    if (form.dataset.draft) timers.set(form, setTimeout(save, 900, form));
    else save(form); // a page that goes away hears nothing of us any more
  });
  addEventListener('pagehide', () => { // the page around us goes: what was typed stays
    for (const form of new Set([...unsaved, ...sending])) save(form, true);
  });
  const leave = () => { // another view takes its place
    for (const form of [...unsaved]) if (form.isConnected) save(form);
  };
  document.addEventListener('htmx:beforeCleanupElement', ({ target }) => { if (target.matches?.(WRITTEN)) leave(); });

  // what is sent by a form, or settles it otherwise
  const written = (one) => (one.matches?.(`${WRITTEN}, [data-settles]`) ? one.closest(WRITTEN) : null);
  document.addEventListener('htmx:confirm', ({ detail }) => {
    if (detail.elt.id === 'opinion') keepGuest();
    const form = written(detail.elt);
    if (detail.verb !== 'post' || !form) return;
    captured(form);
    clearTimeout(timers.get(form));
    unsaved.delete(form);
    sending.add(form);
    if (!form.dataset.draft) save(form);
    detail.before = saving.get(form); // a draft must not arrive after what it is the draft of
  });
  const lost = ({ detail }) => {
    const form = written(detail.requestConfig.elt);
    if (form) save(form);
  };
  for (const kind of ['htmx:responseError', 'htmx:sendError']) document.addEventListener(kind, lost);
  document.addEventListener('htmx:oobBeforeSwap', ({ detail }) => {
    // what is being read is not replaced by what else may fit
    if (detail.target.querySelector('details[open]')) detail.shouldSwap = false;
  });
  document.addEventListener('htmx:afterRequest', ({ detail }) => {
    const form = written(detail.requestConfig.elt); // which may be gone from the page
    sending.delete(form);
    if (detail.successful && form) forget(form);
  });

  // -- answers beside the form: one that was unfolded for long enough was read

  const readers = new WeakMap();
  document.addEventListener('toggle', ({ target: one }) => {
    if (!one.matches?.('details[data-readings]')) return;
    clearTimeout(readers.get(one));
    const tell = () => {
      const { readings } = one.dataset;
      if (!readings || !one.isConnected) return;
      delete one.dataset.readings;
      call(readings, { method: 'POST', body: new URLSearchParams({ key: CorbelPanel.host.key || '', from: 'ticket_form' }) }).catch(() => {});
    };
    if (one.open) readers.set(one, setTimeout(tell, 5e3));
  }, true);

  // -- what was said since

  let count = 0;
  document.addEventListener('htmx:afterSettle', () => {
    const now = document.getElementById('conversation-now');
    const messages = Number(now?.dataset.count ?? 0);
    if (now && count && messages > count) say(now.dataset.new);
    count = messages;
  });
  setInterval(() => {
    if (!document.hidden && !CorbelPanel.host.closed && view.querySelector('[data-polls]')) htmx.trigger(body, 'corbel:poll');
  }, 15e3);

  // -- a picture of the screen, and drawing on pictures

  const capture = async (button) => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getDisplayMedia({ video: true, preferCurrentTab: true, selfBrowserSurface: 'include' });
    } catch { return; } // not allowed, or not wanted after all
    const form = button.closest('form');
    try {
      await shape('away'); // so that it does not cover what is meant
      const png = await still(stream);
      await shape('');
      const drawn = await draw(png);
      if (drawn) setFiles(form, [...field(form).files, named(drawn)]);
    } catch {
      fail(words.broken);
    } finally {
      stream.getTracks().forEach((track) => track.stop());
      shape('');
      button.focus();
    }
  };
  const still = async (stream) => {
    const video = document.createElement('video');
    Object.assign(video, { srcObject: stream, muted: true });
    await video.play();
    await wait(400); // until the page is seen without us
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext('2d').drawImage(video, 0, 0);
    return new Promise((done) => { canvas.toBlob(done, 'image/png'); });
  };
  const named = (png) => new File([png], `${words.screenshot} ${new Date().toTimeString().slice(0, 8).replaceAll(':', '.')}.png`, { type: 'image/png' });
  const field = (form) => form.querySelector('input[type="file"]');
  const setFiles = (form, files) => {
    const transfer = new DataTransfer();
    for (const one of files) transfer.items.add(one);
    field(form).files = transfer.files;
    field(form).dispatchEvent(new Event('change', { bubbles: true }));
  };

  const draw = async (file) => {
    await CorbelPanel.part('board');
    let board = document.getElementById('board');
    if (!board) {
      const answer = await call(at('board'));
      if (!answer.ok) throw new Error(answer.status);
      body.insertAdjacentHTML('beforeend', await answer.text());
      board = document.getElementById('board');
    }
    const src = URL.createObjectURL(file);
    await shape('wide');
    try {
      return (await CorbelAnnotate.open(board, { src }))?.blob;
    } finally {
      URL.revokeObjectURL(src);
      shape('');
    }
  };
  const DRAWABLE = /^image\/(png|jpeg|webp)$/;
  const offerDrawing = (list) => {
    const form = list.closest('form');
    const offer = () => [...list.children].forEach((row, number) => {
      const file = field(form).files[number];
      if (!file || !DRAWABLE.test(file.type) || row.querySelector('[data-draw]')) return;
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'button button--quiet button--small', textContent: words.draw });
      button.setAttribute('aria-label', `${words.draw}: ${file.name}`);
      button.dataset.draw = '';
      button.onclick = async () => {
        try {
          const drawn = await draw(file);
          if (!drawn) { button.focus(); return; }
          const name = file.name.replace(/\.\w+$/, '.png');
          const changed = new File([drawn], name, { type: 'image/png' });
          setFiles(form, [...field(form).files].map((one) => (one === file ? changed : one)));
          list.children[number]?.querySelector('[data-draw]')?.focus();
        } catch { fail(words.broken); }
      };
      row.lastElementChild.before(button);
    });
    new MutationObserver(offer).observe(list, { childList: true });
  };

  furnish(view);
})();
