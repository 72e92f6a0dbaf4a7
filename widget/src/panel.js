// The help in its frame. Everything that it knows of the page around it comes through one port,
// which only a page of the builder's can hand over; its token is in this memory and nowhere else.
(() => {
  'use strict';
  /* looks and icons */
  const body = document.body;
  const { builder, root } = body.dataset;
  const origins = body.dataset.origins.split(' ').filter(Boolean);
  const words = body.dataset;
  const view = document.getElementById('view');
  const title = document.getElementById('title');
  const problem = document.getElementById('problem');
  const back = document.querySelector('[data-back]');
  const nav = document.querySelector('.help__nav');
  const EARLY = 20e3; // before a token ends, another is asked for
  const GUEST = 'corbel-guest';

  let port = null; // to the page around us
  let host = { url: '', origin: '' };
  let token = '';
  let ends = 0;
  let language = '';
  let role = '';
  let renewing = null;
  let visited = []; // addresses of views, the latest last
  let asked = new Map();
  let question = 0;
  let brand = null;
  let reading = 0;

  const sheet = (css) => {
    const made = new CSSStyleSheet();
    made.replaceSync(css);
    return made;
  };
  document.adoptedStyleSheets = [sheet(LOOKS)];
  const sprite = new DOMParser().parseFromString(ICONS, 'image/svg+xml').documentElement;
  sprite.setAttribute('width', 0);
  sprite.setAttribute('height', 0);
  sprite.setAttribute('aria-hidden', 'true');
  sprite.classList.add('visually-hidden');
  body.prepend(sprite);

  const tell = (type, detail = {}, transfer = []) => port?.postMessage({ type, ...detail }, transfer);
  const event = (name, detail = {}) => tell('event', { name, detail });
  const say = (text) => { document.getElementById('said').textContent = text; };
  const at = (path) => root + path;

  // -- who asks

  const ask = (type, detail) => new Promise((resolve) => {
    question += 1;
    asked.set(question, resolve);
    tell(type, { ...detail, id: question });
  });

  const store = (kind) => { // in a partition of its own for each host; or nowhere, where that is forbidden
    try { return window[kind]; } catch { return null; }
  };
  let guestId = '';
  const guest = () => {
    guestId ||= store('localStorage')?.getItem(GUEST) || host.guest || [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return guestId;
  };
  const keepGuest = () => { // only once somebody has done something that they may want to find again
    if (role !== 'guest') return;
    try { store('localStorage').setItem(GUEST, guest()); } catch { tell('keep', { guest: guest() }); } // the page around us may
  };

  const spoken = (signed) => host.lang || language || (signed ? '*' : navigator.languages.join(','));

  const exchange = async (renews) => {
    const signed = await ask('identify', { reason: renews ? 'expired' : 'open' });
    const answer = await fetch(at('session'), {
      method: 'POST',
      credentials: 'omit',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': spoken(signed) },
      body: JSON.stringify({
        builder, origin: host.origin, token: signed || '', guest: signed ? '' : guest(), renews, url: host.url, key: host.key, version: host.version,
      }),
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      event('error', { reason: said.reason || `status ${answer.status}`, message: said.developer || said.detail || '' });
      throw new Error(said.detail || words.calm);
    }
    token = said.token;
    ends = Date.now() + said.expires_in * 1e3;
    language = said.language;
    role = said.role;
    document.documentElement.lang = language;
    if (said.css && !brand) document.adoptedStyleSheets = [...document.adoptedStyleSheets, brand = sheet(said.css)];
    return said;
  };

  const renew = () => {
    renewing ||= exchange(true).finally(() => { renewing = null; });
    return renewing;
  };
  const fresh = async () => { if (Date.now() > ends - EARLY) await renew(); };

  // -- views

  const fail = (text, again) => {
    const said = document.createElement('p');
    said.textContent = text;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button--small';
    button.textContent = words.again;
    button.onclick = () => { calm(); again(); };
    problem.replaceChildren(said, ...(again ? [button] : []));
  };
  const calm = () => problem.replaceChildren();

  const call = async (path, options = {}) => {
    await fresh();
    const go = () => fetch(path, {
      ...options, credentials: 'omit', headers: { ...options.headers, Authorization: `Bearer ${token}`, 'Accept-Language': language },
    });
    let answer = await go();
    if (answer.status === 401) { await renew(); answer = await go(); }
    return answer;
  };

  const show = (html, focus = true) => {
    htmx.swap(view, html, { swapStyle: 'innerHTML' });
    arrive(focus);
  };

  const arrive = (focus) => {
    const shown = view.querySelector('[data-view]');
    if (!shown) return;
    title.textContent = shown.dataset.title;
    document.title = shown.dataset.title;
    view.scrollTop = 0;
    for (const link of nav.children) {
      const current = link.dataset.to === shown.dataset.view || (link.dataset.to === 'tickets' && shown.dataset.view === 'ticket') || (link.dataset.to === 'home' && shown.dataset.view === 'article');
      if (current) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
    }
    back.hidden = visited.length < 2;
    if (shown.querySelector('[data-focus]')) shown.querySelector('[data-focus]').focus();
    else if (focus) title.focus();
    if (shown.dataset.view !== 'article') return;
    event('article', { slug: shown.dataset.slug });
    clearTimeout(reading); // whoever leaves at once has not read it
    const { articleId } = shown.dataset;
    reading = setTimeout(() => { if (shown.isConnected && !host.closed) call(at(`articles/${articleId}/readings`), { method: 'POST', body: new URLSearchParams({ key: host.key || '' }) }).catch(() => {}); }, 8e3);
  };

  const get = async (path, { remember = true, focus = true, anchor = '' } = {}) => {
    body.classList.add('is-busy');
    try {
      const answer = await call(path);
      if (!answer.ok) throw new Error(answer.status === 404 ? words.gone : words.broken);
      const html = await answer.text();
      calm();
      if (remember && visited.at(-1) !== path) visited.push(path);
      show(html, focus);
      if (anchor) document.getElementById(decodeURIComponent(anchor))?.scrollIntoView();
      return true;
    } catch (error) {
      fail(error instanceof TypeError ? words.offline : error.message, () => get(path, { remember, focus, anchor }));
      return false;
    } finally {
      body.classList.remove('is-busy');
    }
  };

  const where = () => new URLSearchParams({ url: host.url, key: host.key || '', version: host.version || '' });
  const article = (place) => {
    const [path, anchor] = place.split('#');
    return get(at(`articles/${path}`), { anchor });
  };
  const home = () => get(at(`home?${where()}`));
  const contact = (filled = {}) => {
    const query = where();
    for (const [name, value] of Object.entries(filled)) if (typeof value === 'string') query.set(name, value);
    return get(at(`contact?${query}`));
  };
  const GO = { home, contact: () => contact(), tickets: () => get(at('tickets')) };

  const goBack = () => {
    visited.pop();
    const last = visited.pop();
    if (last) get(last); else home();
  };

  const start = async () => {
    const quiet = host.closed; // the page wants a word explained, and nobody looks at the panel
    try {
      const said = await exchange(quiet);
      nav.hidden = false;
      visited = [at(`home?${where()}`)];
      calm();
      if (said.html) show(said.html);
      else if (host.closed) view.replaceChildren();
      else { pressed(); home(); } // it was opened meanwhile
      document.documentElement.classList.add('ready');
      event('ready', { role });
    } catch (error) {
      document.documentElement.classList.add('ready');
      fail(error instanceof TypeError ? words.offline : error.message, start);
    }
  };
  const pressed = () => call(at('presses'), { method: 'POST', body: where() }).catch(() => {});

  // -- what is pressed

  document.addEventListener('click', (click) => {
    const link = click.target.closest('a, button');
    if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
    const { to, get: path, article: place } = link.dataset;
    if (to) {
      click.preventDefault();
      if (to === 'contact' && 'carry' in link.dataset) contact({ subject: document.getElementById('q')?.value ?? '' });
      else GO[to]();
    } else if (path) {
      click.preventDefault();
      get(path);
    } else if (place) {
      click.preventDefault();
      article(place);
    } else if ('back' in link.dataset) goBack();
    else if ('close' in link.dataset) tell('close');
    else if ('tour' in link.dataset) tell('tour');
    else if ('capture' in link.dataset) capture(link);
    else if (link.hash && link.closest('.article-body')) {
      click.preventDefault();
      document.getElementById(decodeURIComponent(link.hash.slice(1)))?.scrollIntoView();
    } else if (link.pathname?.includes('/widget/')) { // a file of a ticket
      click.preventDefault();
      download(link);
    } else if (link.href && link.closest('.article-body')) link.target = '_blank';
  });

  addEventListener('keydown', (key) => {
    if (key.key === 'Escape') tell('close');
    if (key.key === 'Tab' && host.sheet) trap(key);
  });
  const trap = (key) => { // a sheet covers the page: what is behind it must not be reached
    const stops = [...document.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex="0"]')].filter((one) => !one.disabled && !one.closest('[hidden]') && one.getClientRects().length);
    const edge = key.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement === edge) {
      key.preventDefault();
      (key.shiftKey ? stops.at(-1) : stops[0]).focus();
    }
  };

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
  const furnish = (place) => {
    for (const image of place.querySelectorAll('img[data-file]')) picture(image, at(`files/${image.dataset.file}`));
    for (const image of place.querySelectorAll('img[src*="/widget/"]')) {
      const path = image.getAttribute('src');
      image.removeAttribute('src');
      picture(image, path);
    }
    for (const button of place.querySelectorAll('[data-capture]')) button.hidden = !navigator.mediaDevices?.getDisplayMedia;
    for (const block of place.querySelectorAll('[data-facts]')) facts(block);
    for (const form of place.querySelectorAll('form[data-write]')) restore(form);
  };

  // -- what we send along: shown, and only what stays ticked

  const browser = () => {
    const data = navigator.userAgentData;
    const brandOf = data?.brands.find(({ brand: name }) => !/not.?a.?brand|chromium/i.test(name));
    return brandOf ? `${brandOf.brand} ${brandOf.version}, ${data.platform}` : navigator.userAgent;
  };
  const facts = (block) => {
    const known = {
      page_url: host.url,
      browser: browser(),
      viewport: host.viewport,
      locale: language,
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
      const times = new Map((host.errors ?? []).map((error) => [error.message, error.at]));
      kept.errors = kept.errors.split('\n').filter(Boolean).map((message) => ({ at: times.get(message) || '', message }));
    }
    form.elements.captured.value = JSON.stringify(kept);
  };

  // -- drafts: with the server for who is known, in this browser for guests

  const timers = new WeakMap();
  const draftKey = (form) => `corbel-draft-${form.id}`;
  const state = (form, text) => { form.querySelector('[data-draft-state]').textContent = text; };
  const plain = (form) => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File || name === 'captured') data.delete(name);
    return data;
  };
  const save = async (form, leaving = false) => {
    if (!form.isConnected && !leaving) return;
    if (!form.dataset.draft) {
      keepGuest();
      try { store('localStorage')?.setItem(draftKey(form), form.elements.body.value); } catch { /* not kept */ }
      return;
    }
    try {
      const options = { method: 'POST', body: plain(form), keepalive: leaving };
      const answer = leaving ? await fetch(form.dataset.draft, { ...options, credentials: 'omit', headers: { Authorization: `Bearer ${token}` } }) : await call(form.dataset.draft, options);
      if (!answer.ok) throw new Error(answer.status);
      state(form, words.saved);
    } catch { if (!leaving) state(form, words.unsaved); }
  };
  const restore = (form) => {
    const { body: field } = form.elements;
    if (form.dataset.draft || !field || field.value) return;
    try { field.value = store('localStorage')?.getItem(draftKey(form)) ?? ''; } catch { /* nothing was kept */ }
  };
  const forget = (form) => { try { store('localStorage')?.removeItem(draftKey(form)); } catch { /* nothing was kept */ } };
  const unsaved = new Set();
  document.addEventListener('input', (input) => {
    const form = input.target.closest('form[data-write]');
    if (!form || input.target.closest('[data-facts]')) return;
    unsaved.add(form);
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => { unsaved.delete(form); save(form); }, 900));
  });
  addEventListener('pagehide', () => { // the page around us goes: what was typed stays
    for (const form of unsaved) save(form, true);
    for (const form of document.querySelectorAll('form[data-write].htmx-request')) save(form, true);
  });

  // -- htmx, with the token

  document.addEventListener('htmx:confirm', (event_) => {
    event_.preventDefault();
    const form = event_.target.closest?.('form[data-write]');
    if (event_.target.id === 'opinion') keepGuest();
    if (form && event_.detail.verb === 'post' && event_.target === form) {
      captured(form);
      clearTimeout(timers.get(form));
      keepGuest();
    }
    fresh().then(() => event_.detail.issueRequest(true)).catch((error) => fail(error instanceof TypeError ? words.offline : error.message));
  });
  document.addEventListener('htmx:configRequest', ({ detail }) => {
    detail.headers.Authorization = `Bearer ${token}`;
    detail.headers['Accept-Language'] = language;
  });
  const retries = new WeakSet();
  document.addEventListener('htmx:responseError', ({ target, detail }) => {
    if (detail.xhr.status === 401 && !retries.has(target)) { // ended meanwhile: once more with another
      retries.add(target);
      ends = 0;
      renew().then(() => {
        htmx.trigger(target, detail.requestConfig.triggeringEvent?.type ?? 'submit');
        setTimeout(() => retries.delete(target), 5e3);
      }).catch((error) => fail(error.message));
      return;
    }
    let said = '';
    try { said = JSON.parse(detail.xhr.responseText).detail; } catch { /* no words came */ }
    fail(said || words.broken);
    const form = target.closest?.('form[data-write]');
    if (form) save(form);
  });
  document.addEventListener('htmx:sendError', ({ target }) => {
    fail(words.offline);
    const form = target.closest?.('form[data-write]');
    if (form) save(form);
  });
  document.addEventListener('htmx:afterRequest', ({ target, detail }) => {
    if (detail.successful && target.matches?.('form[data-write]')) { unsaved.delete(target); forget(target); }
    if (detail.successful) calm();
  });
  document.addEventListener('htmx:load', ({ detail }) => furnish(detail.elt));
  document.addEventListener('htmx:afterSwap', ({ detail }) => {
    if (detail.target !== view || detail.requestConfig?.verb !== 'post') return;
    const shown = view.querySelector('[data-view]');
    if (shown?.dataset.view === 'ticket') visited = [at('tickets'), at(`tickets/${shown.dataset.number}`)];
    if (shown?.dataset.view === 'sent') visited = [at(`home?${where()}`), ''];
    arrive(true);
  });
  document.addEventListener('corbel:sent', ({ detail }) => event('ticket', { number: detail.number }));

  let count = 0;
  document.addEventListener('htmx:afterSettle', () => {
    const now = document.getElementById('conversation-now');
    const messages = Number(now?.dataset.count ?? 0);
    if (now && count && messages > count) say(now.dataset.new);
    count = messages;
  });
  setInterval(() => {
    if (!document.hidden && !host.closed && view.querySelector('[data-polls]')) htmx.trigger(body, 'corbel:poll');
  }, 15e3);

  // -- a picture of the screen

  const capture = async (button) => {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, preferCurrentTab: true });
      const video = document.createElement('video');
      video.srcObject = stream;
      await video.play();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      canvas.getContext('2d').drawImage(video, 0, 0);
      stream.getTracks().forEach((track) => track.stop());
      canvas.toBlob((png) => attach(button.closest('form'), new File([png], `${words.screenshot}.png`, { type: 'image/png' })));
    } catch { /* not allowed, or not wanted after all */ }
  };
  const attach = (form, file) => {
    const field = form.querySelector('input[type="file"]');
    const transfer = new DataTransfer();
    for (const one of [...field.files, file]) transfer.items.add(one);
    field.files = transfer.files;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };

  // -- the page around us

  const HEARD = {
    answer: ({ id, value }) => { asked.get(id)?.(value); asked.delete(id); },
    page: ({ url, key, errors, viewport }) => {
      const moved = url !== host.url || key !== host.key;
      Object.assign(host, { url, key, errors, viewport });
      const shown = view.querySelector('[data-view]');
      if (moved && token && shown?.dataset.view === 'home') get(at(`home?${where()}`), { remember: false, focus: false }).then(() => { visited = [at(`home?${where()}`)]; });
    },
    opened: ({ sheet: covers, errors, viewport }) => { 
      Object.assign(host, { sheet: covers, errors, viewport, closed: false });
      if (!token) return;
      pressed();
      if (view.querySelector('[data-view]')) title.focus(); else home();
    },
    closed: () => { host.closed = true; },
    theme: ({ theme }) => { if (theme) document.documentElement.dataset.theme = theme; },
    show: ({ slug }) => article(slug.includes('/') ? slug : `${language}/${slug}`),
    contact: ({ filled }) => contact(filled),
    home: () => home(),
    forget: () => { token = ''; ends = 0; start(); },
    terms: async ({ keys, id }) => {
      const query = new URLSearchParams(keys.map((key) => ['key', key]));
      const answer = await call(at(`terms?${query}`)).catch(() => null);
      tell('reply', { id, value: answer?.ok ? (await answer.json()).terms : [] });
    },
    tour: async ({ id, again }) => {
      const answer = await call(at(`tour?${where()}${again ? '&again=1' : ''}`)).catch(() => null);
      tell('reply', { id, value: answer?.ok ? (await answer.json()).tour : null });
    },
    dismiss: ({ orientation, edition }) => call(at(`orientations/${orientation}/dismissal`), { method: 'POST', body: new URLSearchParams({ edition }) }).catch(() => {}),
  };

  const listen = (given) => {
    port?.close();
    port = given;
    port.onmessage = ({ data }) => { if (Object.hasOwn(HEARD, data?.type)) HEARD[data.type](data); };
  };

  addEventListener('message', (message) => {
    const known = message.source === parent && parent !== window && origins.includes(message.origin);
    if (!known || message.data?.corbel !== 'hello' || !message.ports[0]) return;
    const { url, key, version, lang, theme, errors, viewport, sheet: covers, quiet, guest: keptBefore } = message.data;
    host = { url: String(url ?? ''), key, version, lang, errors, viewport, sheet: covers, origin: message.origin, closed: quiet, guest: keptBefore };
    if (theme) document.documentElement.dataset.theme = theme;
    listen(message.ports[0]);
    start();
  });
})();
