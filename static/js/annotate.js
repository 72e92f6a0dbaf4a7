// A drawing board for screenshots: arrows, boxes, numbers, text, blur, black-out and crop, with
// undo, by mouse, finger and keyboard. What was drawn stays JSON beside the picture.
//
//   const drawn = await CorbelAnnotate.open(dialog, { src, shapes });   // null: nothing is wanted
//   drawn.blob    the picture as it looks now, PNG
//   drawn.shapes  [{ kind, x1, y1, x2, y2, colour, text, number }], in pixels of the picture
//
// `dialog` is the macro `board` of macros/board.html.
(() => {
  'use strict';
  const COLOURS = { red: '#c8102e', blue: '#1f4fd1', green: '#1b7a3d', black: '#111111', white: '#ffffff' };
  const TOOLS = ['select', 'arrow', 'box', 'marker', 'text', 'blur', 'redact', 'crop'];
  const AREAS = ['box', 'blur', 'redact', 'crop'];
  const MOST_PIXELS = 16e6;  // what every browser's canvas takes
  const MOST_SHAPES = 200;

  const load = (src) => new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = failed;
    image.src = src;
  });

  const number = (value) => (Number.isFinite(value) ? value : 0);
  const sound = (shape) => shape && TOOLS.slice(1).includes(shape.kind);
  const tidy = (shape) => ({
    kind: shape.kind,
    x1: number(shape.x1), y1: number(shape.y1), x2: number(shape.x2), y2: number(shape.y2),
    colour: shape.colour in COLOURS ? shape.colour : 'red',
    text: String(shape.text ?? '').slice(0, 120),
    number: Math.min(99, Math.max(1, number(shape.number) || 1)),
  });
  const area = ({ x1, y1, x2, y2 }) => ({
    x: Math.min(x1, x2), y: Math.min(y1, y2), w: Math.abs(x2 - x1), h: Math.abs(y2 - y1),
  });

  class Board {
    constructor(dialog, image, shapes) {
      this.dialog = dialog;
      this.image = image;
      this.canvas = dialog.querySelector('[data-board-canvas]');
      this.scale = Math.min(1, Math.sqrt(MOST_PIXELS / (image.naturalWidth * image.naturalHeight)));
      this.width = image.naturalWidth;
      this.height = image.naturalHeight;
      this.canvas.width = Math.round(this.width * this.scale);
      this.canvas.height = Math.round(this.height * this.scale);
      this.pen = this.canvas.getContext('2d');
      this.unit = Math.max(3, Math.round(Math.min(this.width, this.height) / 160));
      this.shapes = shapes.filter(sound).slice(0, MOST_SHAPES).map(tidy);
      this.past = [];
      this.future = [];
      this.chosen = -1;
      this.use('arrow');
      this.colour('red');
    }

    use(tool) {
      this.tool = tool;
      for (const button of this.dialog.querySelectorAll('[data-tool]')) button.setAttribute('aria-pressed', String(button.dataset.tool === tool));
      if (tool !== 'select') this.choose(-1);
      this.canvas.style.cursor = tool === 'select' ? 'default' : 'crosshair';
    }

    colour(name) {
      this.ink = name;
      for (const button of this.dialog.querySelectorAll('[data-colour]')) button.setAttribute('aria-pressed', String(button.dataset.colour === name));
      if (this.current && this.current.colour !== name) {
        this.remember();
        this.current.colour = name;
        this.draw();
      }
    }

    get current() { return this.shapes[this.chosen]; }

    choose(place) {
      this.chosen = place;
      this.say();
      this.draw();
    }

    say() {
      const words = this.dialog.dataset;
      const kind = this.current && this.dialog.querySelector(`[data-tool="${this.current.kind}"]`)?.getAttribute('aria-label');
      const said = this.current
        ? words.wordShape.replace('{number}', this.chosen + 1).replace('{count}', this.shapes.length).replace('{kind}', kind)
        : words.wordNone;
      this.dialog.querySelector('[data-board-state]').textContent = said;
      this.dialog.querySelector('[data-board-undo]').disabled = !this.past.length;
      this.dialog.querySelector('[data-board-redo]').disabled = !this.future.length;
      this.dialog.querySelector('[data-board-delete]').disabled = !this.current;
    }

    remember() {
      this.past.push(JSON.stringify(this.shapes));
      if (this.past.length > 100) this.past.shift();
      this.future = [];
    }

    step(from, to) {
      if (!from.length) return;
      to.push(JSON.stringify(this.shapes));
      this.shapes = JSON.parse(from.pop());
      this.choose(-1);
    }

    undo() { this.step(this.past, this.future); }

    redo() { this.step(this.future, this.past); }

    add(shape) {
      if (this.shapes.length >= MOST_SHAPES) return;
      this.remember();
      if (shape.kind === 'crop') this.shapes = this.shapes.filter((one) => one.kind !== 'crop');
      this.shapes.push(tidy(shape));
      this.choose(this.shapes.length - 1);
    }

    remove() {
      if (!this.current) return;
      this.remember();
      this.shapes.splice(this.chosen, 1);
      this.choose(-1);
    }

    made(x, y) {
      const many = this.shapes.filter((one) => one.kind === 'marker').length;
      return { kind: this.tool, x1: x, y1: y, x2: x, y2: y, colour: this.ink, text: '', number: many + 1 };
    }

    // ── Drawing ──────────────────────────────────────────────────────────────────────────────
    draw() {
      const { pen } = this;
      pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
      pen.drawImage(this.image, 0, 0, this.width, this.height);
      for (const shape of this.shapes) if (shape.kind === 'blur' || shape.kind === 'redact') this.paint(shape);
      for (const shape of this.shapes) if (!['blur', 'redact', 'crop'].includes(shape.kind)) this.paint(shape);
      const crop = this.shapes.find((shape) => shape.kind === 'crop');
      if (crop) this.shade(area(crop));
      if (this.current) this.mark(this.current);
    }

    paint(shape) {
      const { pen, unit } = this;
      pen.save();
      pen.strokeStyle = pen.fillStyle = COLOURS[shape.colour];
      pen.lineWidth = unit;
      pen.lineCap = pen.lineJoin = 'round';
      this[`paint_${shape.kind}`](shape);
      pen.restore();
    }

    paint_box(shape) {
      const { x, y, w, h } = area(shape);
      this.edged(() => this.pen.strokeRect(x, y, w, h));
    }

    paint_arrow({ x1, y1, x2, y2 }) {
      const angle = Math.atan2(y2 - y1, x2 - x1);
      const head = this.unit * 5;
      this.edged(() => {
        this.pen.beginPath();
        this.pen.moveTo(x1, y1);
        this.pen.lineTo(x2, y2);
        for (const side of [-0.5, 0.5]) {
          this.pen.moveTo(x2, y2);
          this.pen.lineTo(x2 - head * Math.cos(angle + side), y2 - head * Math.sin(angle + side));
        }
        this.pen.stroke();
      });
    }

    // a rim of the opposite, so that it can be seen on every ground
    edged(stroke) {
      const { pen } = this;
      const [ink, width] = [pen.strokeStyle, pen.lineWidth];
      pen.strokeStyle = ink === COLOURS.white ? 'rgba(0,0,0,0.7)' : 'rgba(255,255,255,0.85)';
      pen.lineWidth = width * 2;
      stroke();
      pen.strokeStyle = ink;
      pen.lineWidth = width;
      stroke();
    }

    paint_marker({ x1, y1, colour, number: said }) {
      const { pen, unit } = this;
      const radius = unit * 5;
      pen.beginPath();
      pen.arc(x1, y1, radius, 0, Math.PI * 2);
      pen.fill();
      pen.strokeStyle = colour === 'white' ? '#111111' : '#ffffff';
      pen.lineWidth = unit * 0.75;
      pen.stroke();
      pen.fillStyle = colour === 'white' ? '#111111' : '#ffffff';
      pen.font = `700 ${radius * 1.1}px sans-serif`;
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      pen.fillText(String(said), x1, y1 + radius * 0.06);
    }

    paint_text({ x1, y1, text, colour }) {
      const { pen, unit } = this;
      const size = unit * 6;
      pen.font = `600 ${size}px sans-serif`;
      pen.textBaseline = 'top';
      const words = text || this.dialog.dataset.wordText;
      const wide = pen.measureText(words).width;
      pen.fillStyle = colour === 'white' ? 'rgba(17,17,17,0.85)' : 'rgba(255,255,255,0.92)';
      pen.fillRect(x1 - size * 0.3, y1 - size * 0.2, wide + size * 0.6, size * 1.45);
      pen.fillStyle = COLOURS[colour];
      pen.fillText(words, x1, y1);
    }

    paint_redact(shape) {
      const { x, y, w, h } = area(shape);
      this.pen.fillStyle = '#111111';
      this.pen.fillRect(x, y, w, h);
    }

    // a handful of squares: letters can't be read out of it again
    paint_blur(shape) {
      const { x, y, w, h } = area(shape);
      if (w < 2 || h < 2) return;
      const block = Math.max(this.unit * 4, Math.max(w, h) / 12);
      const across = Math.max(1, Math.round(w / block));
      const down = Math.max(1, Math.round(h / block));
      const small = document.createElement('canvas');
      small.width = across;
      small.height = down;
      const pen = small.getContext('2d');
      pen.imageSmoothingQuality = 'high';
      pen.drawImage(this.image, x, y, w, h, 0, 0, across, down);
      this.pen.imageSmoothingEnabled = false;
      this.pen.drawImage(small, 0, 0, across, down, x, y, w, h);
    }

    shade({ x, y, w, h }) {
      const { pen } = this;
      pen.save();
      pen.fillStyle = 'rgba(8,21,41,0.55)';
      pen.beginPath();
      pen.rect(0, 0, this.width, this.height);
      pen.rect(x, y, w, h);
      pen.fill('evenodd');
      pen.strokeStyle = '#ffffff';
      pen.lineWidth = this.unit / 2;
      pen.strokeRect(x, y, w, h);
      pen.restore();
    }

    bounds(shape) {
      const { unit } = this;
      if (shape.kind === 'marker') return { x: shape.x1 - unit * 5, y: shape.y1 - unit * 5, w: unit * 10, h: unit * 10 };
      if (shape.kind === 'text') {
        this.pen.font = `600 ${unit * 6}px sans-serif`;
        const wide = this.pen.measureText(shape.text || this.dialog.dataset.wordText).width;
        return { x: shape.x1 - unit * 2, y: shape.y1 - unit, w: wide + unit * 4, h: unit * 9 };
      }
      return area(shape);
    }

    mark(shape) {
      const { pen, unit } = this;
      const { x, y, w, h } = this.bounds(shape);
      pen.save();
      pen.setLineDash([unit * 2, unit * 2]);
      pen.strokeStyle = '#1f4fd1';
      pen.lineWidth = Math.max(1, unit / 2);
      pen.strokeRect(x - unit, y - unit, w + unit * 2, h + unit * 2);
      pen.restore();
      if (shape.kind === 'marker' || shape.kind === 'text') return;
      pen.save();
      pen.fillStyle = '#ffffff';
      pen.strokeStyle = '#1f4fd1';
      pen.lineWidth = unit / 2;
      for (const [hx, hy] of [[shape.x1, shape.y1], [shape.x2, shape.y2]]) {
        pen.beginPath();
        pen.arc(hx, hy, unit * 2, 0, Math.PI * 2);
        pen.fill();
        pen.stroke();
      }
      pen.restore();
    }

    // ── Mouse and finger ─────────────────────────────────────────────────────────────────────
    place(event) {
      const box = this.canvas.getBoundingClientRect();
      const clamp = (value, most) => Math.max(0, Math.min(most, value));
      return [
        clamp(((event.clientX - box.left) / box.width) * this.width, this.width),
        clamp(((event.clientY - box.top) / box.height) * this.height, this.height),
      ];
    }

    down(event) {
      if (event.button) return;
      event.preventDefault();
      this.canvas.focus();
      this.canvas.setPointerCapture(event.pointerId);
      const [x, y] = this.place(event);
      if (this.tool === 'select') return this.grab(x, y);
      this.remember();
      this.shapes = this.tool === 'crop' ? this.shapes.filter((one) => one.kind !== 'crop') : this.shapes;
      this.shapes.push(tidy(this.made(x, y)));
      this.chosen = this.shapes.length - 1;
      this.drag = { from: [x, y], end: true, fresh: true };
      this.draw();
    }

    grab(x, y) {
      const near = this.unit * 5;
      const { current } = this;
      if (current && current.kind !== 'marker' && current.kind !== 'text') {
        for (const [end, hx, hy] of [['first', current.x1, current.y1], ['second', current.x2, current.y2]]) {
          if (Math.hypot(hx - x, hy - y) < near) {
            this.remember();
            this.drag = { from: [x, y], first: end === 'first', end: end === 'second' };
            return;
          }
        }
      }
      const hit = this.shapes.findLastIndex((shape) => {
        const box = this.bounds(shape);
        return x > box.x - near && x < box.x + box.w + near && y > box.y - near && y < box.y + box.h + near;
      });
      this.choose(hit);
      if (hit < 0) return;
      this.remember();
      this.drag = { from: [x, y], whole: true };
    }

    move(event) {
      if (!this.drag) return;
      const [x, y] = this.place(event);
      const { current, drag } = this;
      if (drag.whole) {
        this.shift(current, x - drag.from[0], y - drag.from[1]);
        drag.from = [x, y];
      } else if (drag.first) {
        [current.x1, current.y1] = [x, y];
      } else if (current.kind === 'marker' || current.kind === 'text') {
        [current.x1, current.y1, current.x2, current.y2] = [x, y, x, y];
      } else {
        [current.x2, current.y2] = [x, y];
      }
      drag.moved = true;
      this.draw();
    }

    shift(shape, x, y) {
      shape.x1 += x; shape.x2 += x;
      shape.y1 += y; shape.y2 += y;
    }

    up() {
      if (!this.drag) return;
      const { drag, current } = this;
      this.drag = null;
      if (!drag.fresh) {
        if (!drag.moved) this.past.pop();
        this.say();
        return;
      }
      const { w, h } = area(current);
      if (w < this.unit * 2 && h < this.unit * 2) this.spread(current);
      this.choose(this.chosen);
      if (current.kind === 'text') this.write();
    }

    // a mere press: a shape of a usual size
    spread(shape) {
      const size = Math.min(this.width, this.height) / 6;
      if (shape.kind === 'arrow') {
        shape.x2 = shape.x1; shape.y2 = shape.y1;
        shape.x1 = Math.max(0, shape.x2 - size); shape.y1 = Math.min(this.height, shape.y2 + size);
      } else if (AREAS.includes(shape.kind)) {
        shape.x2 = Math.min(this.width, shape.x1 + size * 2);
        shape.y2 = Math.min(this.height, shape.y1 + size);
      }
    }

    write() {
      const form = this.dialog.querySelector('[data-board-text]');
      const input = form.querySelector('input');
      form.hidden = false;
      input.value = this.current.text;
      input.focus();
      form.onsubmit = (event) => {
        event.preventDefault();
        form.hidden = true;
        if (this.current) this.current.text = input.value.trim();
        if (this.current && !this.current.text) this.remove();
        this.canvas.focus();
        this.draw();
      };
    }

    // ── Keyboard ─────────────────────────────────────────────────────────────────────────────
    key(event) {
      if (event.target.matches('input')) return;
      const meta = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (meta && key === 'z') return this.taken(event, () => (event.shiftKey ? this.redo() : this.undo()));
      if (meta && key === 'y') return this.taken(event, () => this.redo());
      if (meta) return;
      if (/^[1-8]$/.test(key)) return this.taken(event, () => this.use(TOOLS[key - 1]));
      if (event.target !== this.canvas) return;
      this.canvasKey(event);
    }

    taken(event, act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }

    canvasKey(event) {
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const { key } = event;
      if (key === 'Tab') return this.walk(event);
      if (key === 'Enter' || key === ' ') return this.taken(event, () => this.press());
      if (key === 'Delete' || key === 'Backspace') return this.taken(event, () => this.remove());
      if (key === 'Escape' && this.current) return this.taken(event, () => this.choose(-1));
      if (!steps[key] || !this.current) return;
      this.taken(event, () => {
        this.remember();
        const [x, y] = steps[key].map((one) => one * this.unit * 3);
        if (event.shiftKey) { this.current.x2 += x; this.current.y2 += y; } else this.shift(this.current, x, y);
        this.draw();
      });
    }

    // from shape to shape, and past the last one out of the picture
    walk(event) {
      const next = this.chosen + (event.shiftKey ? -1 : 1);
      const from = this.chosen < 0 && event.shiftKey ? this.shapes.length - 1 : next;
      if (from < 0 || from >= this.shapes.length) { this.choose(-1); return; }
      this.taken(event, () => { this.tool = 'select'; this.use('select'); this.choose(from); });
    }

    press() {
      if (this.tool === 'select') {
        if (this.current?.kind === 'text') this.write();
        return;
      }
      const away = (this.shapes.length % 8) * this.unit * 4;  // so that none hides the one before
      const shape = this.made(this.width / 2 + away, this.height / 2 + away);
      this.spread(shape);
      this.add(shape);
      if (shape.kind === 'text') this.write();
    }

    // ── The end ──────────────────────────────────────────────────────────────────────────────
    result() {
      this.chosen = -1;
      const crop = this.shapes.find((shape) => shape.kind === 'crop');
      const kept = this.shapes;
      this.shapes = kept.filter((shape) => shape.kind !== 'crop');
      this.draw();
      this.shapes = kept;
      // as the picture has them, whatever is still done while it is written
      const shapes = structuredClone(kept);
      const out = crop && area(crop).w > 4 && area(crop).h > 4 ? this.cut(area(crop)) : this.canvas;
      return new Promise((done) => { out.toBlob((blob) => done({ blob, shapes }), 'image/png'); });
    }

    cut({ x, y, w, h }) {
      const part = document.createElement('canvas');
      part.width = Math.round(w * this.scale);
      part.height = Math.round(h * this.scale);
      part.getContext('2d').drawImage(this.canvas, x * this.scale, y * this.scale, part.width, part.height, 0, 0, part.width, part.height);
      return part;
    }
  }

  const open = async (dialog, { src, shapes = [] }) => {
    const board = new Board(dialog, await load(src), shapes);
    const { canvas } = board;
    const ears = new AbortController();
    const on = (target, name, handler, more) => target.addEventListener(name, handler, { signal: ears.signal, ...more });
    dialog.querySelector('[data-board-text]').hidden = true;
    dialog.showModal();
    canvas.focus();
    board.say();
    board.draw();
    on(canvas, 'pointerdown', (event) => board.down(event));
    on(canvas, 'pointermove', (event) => board.move(event));
    on(canvas, 'pointerup', () => board.up());
    on(canvas, 'pointercancel', () => board.up());
    on(canvas, 'dblclick', () => { if (board.current?.kind === 'text') board.write(); });
    on(dialog, 'keydown', (event) => board.key(event), { capture: true });
    on(dialog, 'click', (event) => {
      const button = event.target.closest('button');
      if (button?.dataset.tool) board.use(button.dataset.tool);
      if (button?.dataset.colour) board.colour(button.dataset.colour);
      if (button?.matches('[data-board-undo]')) board.undo();
      if (button?.matches('[data-board-redo]')) board.redo();
      if (button?.matches('[data-board-delete]')) board.remove();
      if (button) board.say();
    });
    return new Promise((done) => {
      const end = (value) => { ears.abort(); dialog.close(); done(value); };
      on(dialog, 'cancel', (event) => { event.preventDefault(); end(null); });
      on(dialog.querySelector('[data-board-cancel]'), 'click', () => end(null));
      on(dialog.querySelector('[data-board-done]'), 'click', async () => end(await board.result()));
    });
  };

  window.CorbelAnnotate = { open };
})();
