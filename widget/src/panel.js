// The help in its frame. Everything that it knows of the page around it comes through one port,
// which only a page of the builder's can hand over; its token is in this memory and nowhere else.
(() => {
  'use strict';
  const body = document.body;
  const { builder, root } = body.dataset;
  const origins = body.dataset.origins.split(' ').filter(Boolean);
  const words = body.dataset;
  const view = document.getElementById('view');
  const title = document.getElementById('title');
  const problem = document.getElementById('problem');
  const back = document.querySelector('[data-back]');
  const nav = document.querySelector('.help__nav');
  const { nonce } = document.currentScript;
  const EARLY = 20e3; // before a token ends, another is asked for

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
  const dressed = [];
  const wear = () => { document.adoptedStyleSheets = brand ? [...dressed, brand] : [...dressed]; };
  const dress = (looks, icons) => { // each script of ours brings what it shows
    dressed.push(sheet(looks));
    wear();
    const sprite = new DOMParser().parseFromString(icons, 'image/svg+xml').documentElement;
    sprite.setAttribute('width', 0);
    sprite.setAttribute('height', 0);
    sprite.setAttribute('aria-hidden', 'true');
    sprite.classList.add('visually-hidden');
    body.prepend(sprite);
  };

  const parts = new Map();
  const part = (name) => { // a further script, once; tried anew when it did not come
    if (!parts.has(name)) {
      parts.set(name, new Promise((resolve, reject) => {
        const script = document.createElement('script');
        const broken = () => { parts.delete(name); reject(new TypeError(name)); };
        Object.assign(script, { src: words[name], nonce, onload: resolve, onerror: broken });
        document.head.append(script);
      }));
    }
    return parts.get(name);
  };
  const warm = () => { part('rest').catch(() => {}); }; // somebody does something here
  for (const kind of ['pointerover', 'keydown']) addEventListener(kind, warm, { once: true });

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

  // in a partition of its own for each host; where that is forbidden, by the page around us
  const kept = (name) => { try { return localStorage.getItem(`corbel-${name}`); } catch { return host.kept?.[name]; } };
  const keep = (name, value) => {
    try { localStorage.setItem(`corbel-${name}`, value); } catch {
      host.kept = { ...host.kept, [name]: value };
      tell('keep', { name, value });
    }
  };
  let guestId = '';
  const guest = () => {
    guestId ||= kept('guest') || [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return guestId;
  };
  const keepGuest = () => { // only once somebody has done something that they may want to find again
    if (role === 'guest') keep('guest', guest());
  };

  const spoken = (signed) => host.lang || language || (signed ? '*' : navigator.languages.join(','));

  const exchange = async (renews) => {
    const signed = await ask('identify', { reason: renews() ? 'expired' : 'open' });
    if (!signed && role && role !== 'guest') { // nobody becomes a guest in the middle of their work
      event('error', { reason: 'ended', message: 'No further token came when the former had ended.' });
      throw new Error(words.ended);
    }
    const answer = await fetch(at('session'), {
      method: 'POST',
      credentials: 'omit',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': spoken(signed) },
      body: JSON.stringify({
        builder, origin: host.origin, token: signed || '', guest: signed ? '' : guest(), renews: renews(), url: host.url, key: host.key, version: host.version, shell: document.documentElement.lang,
      }),
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      event('error', { reason: said.reason || `status ${answer.status}`, message: said.developer || said.detail || '' });
      throw new Error(said.detail || (answer.status === 401 ? words.calm : words.broken));
    }
    token = said.token;
    ends = Date.now() + said.expires_in * 1e3;
    language = said.language;
    role = said.role;
    document.documentElement.lang = language;
    if (said.shell) speak(new DOMParser().parseFromString(said.shell, 'text/html'));
    if (said.css && !brand) { brand = sheet(said.css); wear(); }
    return said;
  };

  const speak = (frame) => { // in another language than the frame was asked for
    const { origins: _origins, ...said } = frame.body.dataset;
    Object.assign(body.dataset, said);
    for (const part_ of ['[data-back]', '[data-close]', '.help__nav']) document.querySelector(part_).innerHTML = frame.querySelector(part_).innerHTML;
    nav.setAttribute('aria-label', frame.querySelector('.help__nav').getAttribute('aria-label'));
  };

  const renew = () => {
    renewing ||= exchange(() => true).finally(() => { renewing = null; });
    return renewing;
  };
  const fresh = async () => { if (Date.now() > ends - EARLY) await renew(); };

  // -- views

  const fail = (text, again) => {
    if (problem.firstChild?.textContent === text && !again) return; // it stands there, and was said
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

  let removed = ''; // secrets of the ticket last seen, under a seal: their sender may put them back
  const papers = () => ({ Authorization: `Bearer ${token}`, 'Accept-Language': language, ...(removed && { 'Corbel-Removed': removed }) });
  const call = async (path, options = {}) => {
    await fresh();
    const go = () => fetch(path, {
      ...options, credentials: 'omit', headers: { ...options.headers, ...papers() },
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
      const current = link.dataset.to === shown.dataset.view || (link.dataset.to === 'tickets' && shown.dataset.view === 'ticket') || (link.dataset.to === 'home' && ['article', 'film'].includes(shown.dataset.view));
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
      const isHome = path.startsWith(at('home')); // which needs nothing that is not here
      const [answer] = await Promise.all([call(path), isHome || part('rest')]);
      if (!answer.ok) throw new Error(answer.status === 404 ? words.gone : words.broken);
      const html = await answer.text();
      calm();
      if (remember && visited.at(-1) !== path) visited.push(path);
      show(html, focus);
      if (anchor) reach(anchor);
      return true;
    } catch (error) {
      fail(error instanceof TypeError ? words.offline : error.message, () => get(path, { remember, focus, anchor }));
      return false;
    } finally {
      body.classList.remove('is-busy');
    }
  };

  const reach = (anchor) => {
    let name = anchor;
    try { name = decodeURIComponent(anchor); } catch { /* as it stands */ }
    const found = document.getElementById(name);
    const tab = found?.closest('.tab[hidden]');
    if (tab) document.getElementById(tab.getAttribute('aria-labelledby'))?.click();
    found?.scrollIntoView();
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
    try { // closed: the page wants a word explained, and nobody looks at the panel
      const said = await exchange(() => Boolean(host.closed));
      nav.hidden = false;
      visited = [at(`home?${where()}`)];
      calm();
      if (said.html) show(said.html);
      else if (host.closed) view.replaceChildren();
      else home().then(pressed); // it was opened meanwhile; counting can wait
      document.documentElement.classList.add('ready');
      event('ready', { role });
    } catch (error) {
      document.documentElement.classList.add('ready');
      fail(error instanceof TypeError ? words.unreachable : error.message, start);
    }
  };
  const pressed = () => call(at('presses'), { method: 'POST', body: where() }).catch(() => {});

  // -- what is pressed

  document.addEventListener('click', (click) => {
    const link = click.target.closest('a, button');
    if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
    const { to, get: path, article: place, film, look } = link.dataset;
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
    } else if (film) {
      click.preventDefault();
      get(at(`films/${film}`));
    } else if (look) {
      const field = document.getElementById('q');
      field.value = look;
      field.focus();
      htmx.trigger(field.form, 'submit');
    } else if ('back' in link.dataset) goBack();
    else if ('close' in link.dataset) tell('close');
    else if ('tour' in link.dataset) tell('tour');
    else if (link.hash && link.closest('.article-body')) {
      click.preventDefault();
      reach(link.hash.slice(1));
    } else if (link.href && link.closest('.article-body')) link.target = '_blank';
  });

  addEventListener('keydown', (key) => {
    if (document.querySelector('dialog[open]')) return; // has keys of its own
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

  // -- htmx, with the token

  document.addEventListener('htmx:confirm', (event_) => {
    event_.preventDefault();
    fresh().then(() => event_.detail.before).then(() => event_.detail.issueRequest(true)).catch((error) => fail(error instanceof TypeError ? words.offline : error.message));
  });
  document.addEventListener('htmx:configRequest', ({ detail }) => {
    Object.assign(detail.headers, papers());
  });
  document.addEventListener('htmx:load', ({ detail: { elt } }) => {
    const known = elt.matches('[data-removed]') ? elt : elt.querySelector('[data-removed]');
    if (known) ({ removed } = known.dataset);
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
  });
  document.addEventListener('htmx:sendError', () => fail(words.offline));
  document.addEventListener('htmx:afterRequest', ({ detail }) => {
    if (detail.successful) calm();
  });
  document.addEventListener('htmx:afterSwap', ({ detail }) => {
    if (detail.target !== view || detail.requestConfig?.verb !== 'post') return;
    const shown = view.querySelector('[data-view]');
    if (shown?.dataset.view === 'ticket') visited = [at('tickets'), at(`tickets/${shown.dataset.number}`)];
    if (shown?.dataset.view === 'sent') visited = [at(`home?${where()}`), ''];
    arrive(true);
  });
  document.addEventListener('corbel:sent', ({ detail }) => event('ticket', { number: detail.number }));

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
      if (!view.querySelector('[data-view]')) home().then(pressed);
      else {
        title.focus();
        pressed();
      }
    },
    closed: () => { host.closed = true; },
    theme: ({ theme }) => { if (theme) document.documentElement.dataset.theme = theme; },
    show: ({ slug }) => article(slug.includes('/') ? slug : `${language}/${slug}`),
    contact: ({ filled }) => contact(filled),
    home: () => home(),
    forget: () => { token = role = ''; ends = 0; start(); },
    terms: async ({ keys, id }) => {
      const query = new URLSearchParams(keys.map((key) => ['key', key]));
      const answer = await call(at(`terms?${query}`)).catch(() => null);
      tell('reply', { id, value: answer?.ok ? (await answer.json()).terms : null });
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
    const { url, key, version, lang, theme, errors, viewport, sheet: covers, quiet, kept: before } = message.data;
    host = { url: String(url ?? ''), key, version, lang, errors, viewport, sheet: covers, origin: message.origin, closed: quiet, kept: before };
    if (theme) document.documentElement.dataset.theme = theme;
    listen(message.ports[0]);
    start();
  });

  // for our own further scripts alone
  window.CorbelPanel = Object.freeze({
    ask, at, body, call, dress, fail, get, goBack, keep, keepGuest, kept, part, say, tell, view, words,
    get host() { return host; },
    get language() { return language; },
    get token() { return token; },
  });
})();
