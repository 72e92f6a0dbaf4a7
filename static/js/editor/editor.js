// Writing an article: drafts saved as one types, the toolbar, links, pictures and keys.
// Without it there are a textarea and buttons that do the same.
(() => {
  'use strict';
  const form = document.querySelector('[data-editor]');
  if (!form) return;
  const { body } = form.elements;
  const words = form.dataset;
  const say = (text, bad = false) => {
    const place = form.querySelector('[data-draft-state]');
    place.textContent = text;
    place.classList.toggle('editor__state--bad', bad);
  };

  // ── Drafts ───────────────────────────────────────────────────────────────────────────────────
  const PAUSE = 900;
  const KEY = `article:${location.pathname}`;
  const TEXTS = ['slug', 'title', 'summary', 'body', 'labels'];
  let timer;
  let going = null;
  let dirty = false;
  let stopped = false;  // somebody else has saved: only the page that brings both together goes on

  const written = () => Object.fromEntries(TEXTS.map((name) => [name, form.elements[name].value]));
  const keep = (sent = false) => {
    const kept = { ...written(), lock: form.elements.lock.value, number: form.elements.number.value, sent };
    try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* full or forbidden */ }
  };
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
  };
  const forget = () => {
    try { localStorage.removeItem(KEY); } catch { /* nothing was kept */ }
  };

  const fields = () => {
    const data = new FormData(form);
    data.delete('picture');
    return data;
  };
  const baseOf = (texts) => JSON.stringify([
    texts.slug, texts.title, texts.summary, texts.body.replaceAll('\r\n', '\n'),
    texts.labels.split(',').map((one) => one.trim()).filter(Boolean),
  ]);

  const send = async () => {
    const texts = written();
    if (texts.body.length > Number(words.longest)) { say(words.wordLong, true); return; }
    dirty = false;
    say(words.wordSaving);
    let answer;
    try {
      answer = await fetch(words.autosave, { method: 'POST', body: fields(), headers: { Accept: 'application/json' } });
    } catch {
      dirty = true;
      say(words.wordOffline, true);
      return;
    }
    if (answer.redirected || !answer.headers.get('Content-Type')?.includes('json')) {
      dirty = true;
      say(answer.redirected || answer.status === 400 ? words.wordOut : words.wordOffline, true);
      return;
    }
    const told = await answer.json();
    if (!answer.ok) {
      stopped = answer.status === 409;
      dirty = true;
      say(told.words, true);
      return;
    }
    form.elements.lock.value = told.lock;
    form.elements.number.value = told.number;
    form.elements.base.value = baseOf(texts);
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: document.documentElement.dataset.zone });
    say(words.wordSaved.replace('{}', time.format(new Date())));
    if (!dirty) forget();
  };

  const save = async () => {
    clearTimeout(timer);
    if (going || stopped || form.dataset.sending) return going;
    going = send();
    await going;
    going = null;
    if (dirty && !stopped && navigator.onLine && !form.querySelector('.editor__state--bad')) save();
    return null;
  };

  const changed = () => {
    dirty = true;
    keep();
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  document.addEventListener('input', (event) => {
    if (event.target.form === form && event.target.name && event.target.name !== 'note') changed();
  });
  addEventListener('online', () => { if (dirty) save(); });
  document.addEventListener('visibilitychange', () => { if (document.hidden && dirty) save(); });
  // Before submit-once takes the button: with no connection nothing leaves and nothing is lost.
  addEventListener('submit', (event) => {
    if (event.target !== form) return;
    clearTimeout(timer);
    keep(true);
    const long = body.value.length > Number(words.longest);
    if (navigator.onLine && !long) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(long ? words.wordLong : words.wordOffline, true);
  }, true);

  // what is too long to be kept is too long to be looked at
  document.addEventListener('htmx:beforeRequest', (event) => {
    if (event.target.matches('.editor__side') && body.value.length > Number(words.longest)) event.preventDefault();
  });

  const offerKept = () => {
    const found = kept();
    if (!found) return;
    const same = ['title', 'summary', 'body'].every((name) => (found[name] ?? '').replaceAll('\r\n', '\n') === form.elements[name].value);
    const arrived = found.sent && (found.lock !== form.elements.lock.value || found.number !== form.elements.number.value);
    if (same || arrived) { forget(); return; }
    const notice = document.querySelector('[data-kept-notice]');
    notice.hidden = false;
    notice.querySelector('[data-kept-take]').onclick = () => {
      for (const name of TEXTS) form.elements[name].value = found[name] ?? '';
      notice.hidden = true;
      tell();
      body.focus();
    };
    notice.querySelector('[data-kept-drop]').onclick = () => { forget(); notice.hidden = true; };
  };

  const tell = () => body.dispatchEvent(new InputEvent('input', { bubbles: true }));

  // ── Text ─────────────────────────────────────────────────────────────────────────────────────
  let left = null;  // where one was when a dialog opened
  const leave = () => { left = [body.selectionStart, body.selectionEnd]; };
  const insert = (text) => {
    body.focus();
    if (left) body.setSelectionRange(...left);
    left = null;
    const before = body.value;
    // it writes where the focus is, which a dialog that closes may still have
    const typed = document.activeElement === body && document.execCommand('insertText', false, text);
    if (!typed || body.value === before) {
      body.setRangeText(text, body.selectionStart, body.selectionEnd, 'end');
      tell();
    }
  };
  const selected = () => body.value.slice(...(left ?? [body.selectionStart, body.selectionEnd]));
  const wrap = (mark, otherwise) => {
    left = null;
    const text = selected() || otherwise;
    const start = body.selectionStart;
    insert(`${mark}${text}${mark}`);
    body.setSelectionRange(start + mark.length, start + mark.length + text.length);
  };
  const wholeLines = () => {
    left = null;
    const start = body.value.lastIndexOf('\n', body.selectionStart - 1) + 1;
    const after = body.value.indexOf('\n', body.selectionEnd);
    body.setSelectionRange(start, after < 0 ? body.value.length : after);
  };
  const eachLine = (change) => {
    wholeLines();
    insert(selected().split('\n').map(change).join('\n'));
  };
  const block = (text) => {
    if (left) body.setSelectionRange(...left);
    const before = body.value.slice(0, body.selectionStart);
    const gap = !before || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
    insert(`${gap}${text}\n`);
  };

  const ACTS = {
    bold: () => wrap('**', '…'),
    italic: () => wrap('*', '…'),
    heading: () => eachLine((line) => (line.startsWith('## ') ? `#${line}` : `## ${line.replace(/^#+\s*/, '')}`)),
    list: () => eachLine((line) => (line.startsWith('- ') ? line.slice(2) : `- ${line}`)),
    steps: () => {
      wholeLines();
      const lines = selected().split('\n').filter((line) => line.trim());
      const steps = (lines.length ? lines : ['…', '…']).map((line, at) => `${at + 1}. ${line.replace(/^(\d+\.|-)\s*/, '')}`);
      block(`:::steps\n${steps.join('\n')}\n:::`);
    },
    code: () => (selected().includes('\n') ? block(`\`\`\`\n${selected()}\n\`\`\``) : wrap('`', '…')),
    table: () => block('| … | … |\n| --- | --- |\n| … | … |\n| … | … |'),
  };

  const toolbar = form.querySelector('.toolbar');
  toolbar.addEventListener('click', (event) => {
    const button = event.target.closest('[data-md]');
    if (button) ACTS[button.dataset.md]();
  });
  toolbar.querySelector('[data-md-callout]').addEventListener('change', (event) => {
    const kind = event.target.value;
    event.target.value = '';
    left = null;
    if (kind) block(`:::${kind}\n${selected() || '…'}\n:::`);
  });
  toolbar.addEventListener('keydown', (event) => {
    const tools = [...toolbar.querySelectorAll('button, select')];
    const here = tools.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tools.length - 1 }[event.key];
    if (to === undefined || (document.activeElement.matches('select') && event.key.startsWith('Arrow') && event.altKey)) return;
    event.preventDefault();
    const next = tools[(to + tools.length) % tools.length];
    for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
    next.focus();
  });

  const goTo = (line) => {
    const start = body.value.split('\n').slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const end = body.value.indexOf('\n', start);
    body.focus();
    body.setSelectionRange(start, end < 0 ? body.value.length : end);
    body.scrollTop = Math.max(0, (line - 4) * (body.scrollHeight / Math.max(1, body.value.split('\n').length)));
  };

  // ── Dialogs ──────────────────────────────────────────────────────────────────────────────────
  const dialog = (id) => document.getElementById(id);
  const openDialog = (id) => {
    leave();
    if (id === 'picture-dialog') { clearPicture(); }
    dialog(id).showModal();
    const search = dialog(id).querySelector('input[type="search"]');
    if (search) { search.value = selected().slice(0, 80).replaceAll('\n', ' '); search.select(); htmx.trigger(search, 'corbel:opened'); }
  };
  const link = (address, title) => insert(`[${(selected() || title).replaceAll(']', '\\]')}](${address})`);

  document.addEventListener('click', (event) => {
    const target = event.target.closest('button');
    if (!target) return;
    if (target.dataset.open) openDialog(target.dataset.open);
    if (target.dataset.link) { dialog('link-dialog').close(); link(target.dataset.link, target.dataset.title); }
    if (target.dataset.insert) { dialog('video-dialog').close(); block(target.dataset.insert); }
    if (target.dataset.line) goTo(Number(target.dataset.line));
    if (target.dataset.annotate) redraw(target.dataset.annotate, target.dataset.path);
    if (target.matches('[data-link-address]')) {
      const address = dialog('link-address').value.trim();
      if (/^(https?:\/\/|mailto:)/.test(address)) { dialog('link-dialog').close(); link(address, address); } else dialog('link-address').focus();
    }
  });
  dialog('link-words').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    dialog('link-found').querySelector('[data-link]')?.click();
  });

  // ── Pictures ─────────────────────────────────────────────────────────────────────────────────
  const box = dialog('picture-dialog');
  const part = (name) => box.querySelector(`[data-picture-${name}]`);
  let picture = null;
  let waiting = [];

  const clearPicture = () => {
    picture = null;
    part('ready').hidden = true;
    part('progress').hidden = true;
    part('error').textContent = '';
    part('insert').disabled = true;
    dialog('picture-file').value = '';
    dialog('picture-alt').value = '';
    dialog('picture-caption').value = '';
  };
  const show = (facts) => {
    picture = facts;
    part('shown').src = facts.url;
    part('ready').hidden = false;
    part('insert').disabled = false;
    dialog('picture-alt').focus();
  };

  // XMLHttpRequest, because fetch says nothing of what has left
  const post = (url, data, name, progress) => new Promise((done, failed) => {
    const ask = new XMLHttpRequest();
    ask.open('POST', url);
    ask.setRequestHeader('X-CSRFToken', form.elements.csrf_token.value);
    ask.responseType = 'json';
    ask.upload.onprogress = (event) => { if (event.lengthComputable) progress(Math.round((event.loaded / event.total) * 100)); };
    ask.onload = () => (ask.status < 300 && ask.response?.url ? done(ask.response) : failed(new Error(ask.response?.words ?? words.wordFailed.replace('{name}', name))));
    ask.onerror = () => failed(new Error(words.wordFailed.replace('{name}', name)));
    ask.send(data);
  });

  const upload = async (file) => {
    clearPicture();
    if (!box.open) { leave(); box.showModal(); }
    if (file.size > Number(words.pictureBytes)) { part('error').textContent = words.wordBig.replace('{name}', file.name); return; }
    const data = new FormData();
    data.append('picture', file, file.name || 'picture.png');
    const bar = part('progress');
    bar.hidden = false;
    try {
      show(await post(words.upload, data, file.name, (done) => { bar.value = done; }));
    } catch (error) {
      part('error').textContent = error.message;
    } finally {
      bar.hidden = true;
    }
  };
  const next = () => { if (!box.open && waiting.length) upload(waiting.shift()); };
  const take = (files) => {
    waiting = [...waiting, ...files].slice(0, 20);
    next();
  };
  const pictures = (list) => [...(list ?? [])].filter((file) => file.type.startsWith('image/'));

  dialog('picture-file').addEventListener('change', (event) => { if (event.target.files[0]) upload(event.target.files[0]); });
  box.addEventListener('close', () => setTimeout(next));
  const place = () => {
    if (!picture) return;
    const alt = dialog('picture-alt').value.trim().replaceAll(/[[\]]/g, '');
    const caption = dialog('picture-caption').value.trim().replaceAll('"', '”');
    if (!alt && !part('insert').dataset.sure) {
      part('error').textContent = part('ready').querySelector('label').textContent;
      part('insert').dataset.sure = '1';
      dialog('picture-alt').focus();
      return;
    }
    delete part('insert').dataset.sure;
    const text = `![${alt}](${picture.path}${caption ? ` "${caption}"` : ''})`;
    box.close();
    block(`${text}\n`);
  };
  part('insert').addEventListener('click', place);
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !event.target.matches('.input')) return;
    event.preventDefault();
    if (!part('insert').disabled) place();
  });
  body.addEventListener('paste', (event) => {
    const files = pictures(event.clipboardData?.files);
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });
  body.addEventListener('dragover', (event) => {
    if (![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    body.classList.add('editor__body--over');
  });
  body.addEventListener('dragleave', () => body.classList.remove('editor__body--over'));
  body.addEventListener('drop', (event) => {
    body.classList.remove('editor__body--over');
    const files = pictures(event.dataTransfer.files);
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });

  const drawOver = async (address) => {
    const facts = await (await fetch(address)).json();
    const drawn = await CorbelAnnotate.open(dialog('board'), { src: facts.original, shapes: facts.shapes });
    if (!drawn) return null;
    const data = new FormData();
    data.append('picture', drawn.blob, facts.name);
    data.append('shapes', JSON.stringify(drawn.shapes));
    return post(address, data, facts.name, () => {});
  };
  // until what was drawn has arrived, the picture to put into the text would be the one before
  part('draw').addEventListener('click', async () => {
    part('insert').disabled = true;
    try {
      const drawn = await drawOver(picture.drawing);
      if (drawn) show(drawn);
    } catch (error) {
      part('error').textContent = error.message;
    }
    part('insert').disabled = false;
  });
  const redraw = async (address, path) => {
    const state = form.querySelector('[data-upload-state]');
    state.textContent = '';
    try {
      const drawn = await drawOver(address);
      if (!drawn) return;
      body.value = body.value.replaceAll(path, drawn.path);
      tell();
    } catch (error) {
      state.textContent = error.message;
    }
  };

  // ── Keys ─────────────────────────────────────────────────────────────────────────────────────
  const KEYS = {
    s: save,
    b: ACTS.bold,
    i: ACTS.italic,
    k: () => openDialog('link-dialog'),
    Enter: () => form.requestSubmit(form.querySelector('[data-publish]') ?? form.querySelector('[name="act"][value="submit"]')),
  };
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) return;
    if (document.querySelector('dialog[open]')) return;
    const act = KEYS[event.key];
    if (!act || ('bik'.includes(event.key) && document.activeElement !== body)) return;
    event.preventDefault();
    act();
  });

  offerKept();
  // What was written before this page listened; by now the preview hears it too.
  document.addEventListener('DOMContentLoaded', () => {
    if (TEXTS.some((name) => form.elements[name].value !== form.elements[name].defaultValue)) tell();
  });
})();
