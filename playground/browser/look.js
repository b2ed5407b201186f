// Reads the page as a person would, and finds what a person means. Used by tests only.

(() => {
  const play = { inFlight: 0, started: 0, heard: 0, opened: null, emoji: (text) => text };
  window.__play = play;

  // The page's traffic is counted, so that a test knows when an action is over.

  const plainFetch = window.fetch;
  window.fetch = async (...given) => {
    play.inFlight += 1;
    play.started += 1;
    try {
      const answer = await plainFetch(...given);
      const text = await answer.text();
      answer.json = async () => JSON.parse(text);
      return answer;
    } finally {
      // The page goes on with the answer first.
      setTimeout(() => { play.inFlight -= 1; });
    }
  };
  const UNCOUNTED = new Set(['clock', 'link', 'log']);
  const PlainSocket = window.WebSocket;
  window.WebSocket = class extends PlainSocket {
    constructor(...given) {
      super(...given);
      // The inspector listens on a connection of its own.
      if (String(given[0]).includes('log=1')) return;
      this.addEventListener('message', ({ data }) => {
        const { type, revision } = JSON.parse(data);
        if (UNCOUNTED.has(type)) return;
        play.heard = type === 'hello' ? revision : play.heard + 1;
      });
    }
  };
  // Where a button leads is noted, not visited.
  window.open = (url) => {
    play.opened = String(url);
    return null;
  };

  const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

  /** Waits until the page has drawn everything the server has told so far. */
  play.settle = async (limit) => {
    play.emoji = (await import('/page/text/emoji.js')).replaceEmoji;
    const me = new URLSearchParams(location.search).get('as');
    const end = performance.now() + limit;
    for (;;) {
      const state = await (await plainFetch(`/ui/state?as=${me}`)).json();
      if (play.inFlight === 0 && play.heard >= state.revision) return state;
      if (performance.now() > end) return state;
      await pause(15);
    }
  };

  // Text

  const SKIPPED = '.message__gutter, .message__head, .message__private, .message__tools, .message__foot, .message__edited, '
    + '.sr-only, .input__optional, .rich-input__bar, .carousel__turns, .field-counter, .data-table__pages, svg';
  const LINES = new Set(['DIV', 'P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'PRE', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'TR',
    'TABLE', 'CAPTION', 'FIGURE', 'SECTION', 'A:file']);
  const flat = (text) => text.replace(/\s+/g, ' ').trim();
  const norm = (text) => play.emoji(flat(text));
  const shown = (el) => el.checkVisibility({ visibilityProperty: true });

  /** What the app wrote for the block in which an element stands. */
  const blockOf = (node) => {
    const el = node.closest('.block');
    const drawn = el?.parentElement.drawnBlocks?.find((one) => one.node === el);
    return drawn ? JSON.parse(drawn.json) : {};
  };
  const elementOf = (node) => {
    const block = blockOf(node);
    const all = [block.element, block.accessory, ...(block.elements ?? []), ...(block.actions ?? [])].filter(Boolean);
    const nodes = [...node.closest('.block').querySelectorAll('[data-action]')];
    return all.find((one) => one.action_id === node.dataset.action) ?? all[nodes.indexOf(node)] ?? {};
  };

  function controlText(node, handles) {
    if (node.matches('.choices')) {
      return [...node.querySelectorAll('.choice')]
        .map((row) => `[${row.querySelector('input').checked ? 'x' : ' '}] ${lines(row.querySelector('label'), handles)}`).join(' ');
    }
    if (node.matches('.element--overflow')) return '[...]';
    if (node.matches('button')) return `[${flat(node.textContent)}]`;
    if (node.matches('.feedback')) return [...node.children].map((one) => `[${flat(one.textContent)}]`).join(' ');
    const chips = [...node.querySelectorAll('.chip__text')].map((chip) => chip.textContent);
    const field = node.querySelector('input, textarea, [role=textbox]');
    if (!field) return node.querySelector('img, [role=img]') ? '(image)' : lines(node.childNodes, handles);
    return `<${chips.join(', ') || field.value || field.innerText || field.dataset.placeholder || field.placeholder || field.title || ''}>`;
  }

  function inputText(el, handles) {
    const part = (selector) => el.querySelector(`:scope > ${selector}`);
    const control = el.querySelector('[data-action]');
    const rows = [`${el.querySelector('.input__label').textContent}: ${control ? controlText(control, handles) : ''}`];
    if (part('.input__error:not([hidden])')) rows.push(`! ${part('.input__error').textContent}`);
    if (part('.input__hint')) rows.push(part('.input__hint').textContent);
    return rows.join('\n');
  }

  function walk(node, out, handles) {
    if (node.nodeType === Node.TEXT_NODE) {
      out.push(node.data);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(SKIPPED) || !shown(node)) return;
    const inside = () => node.childNodes.forEach((child) => walk(child, out, handles));
    if (node.matches('.input')) out.push('\n', inputText(node, handles), '\n');
    else if (node.matches('[data-action]')) out.push(node.closest('.actions') ? ' ' : '\n', controlText(node, handles), node.closest('.actions') ? ' ' : '\n');
    else if (node.matches('br')) out.push('\n');
    else if (node.matches('hr')) out.push('\n---\n');
    else if (node.matches('img, .image-missing')) out.push(node.closest('figure') ? `\n(image: ${node.alt ?? node.getAttribute('aria-label')})\n` : ` (${node.alt ?? node.getAttribute('aria-label')}) `);
    else if (node.matches('.file')) out.push('\n(file: ', node.querySelector('.file__name').textContent, ')\n');
    else if (handles && node.matches('.mention[title^="@"]')) out.push(node.title);
    else if (node.matches('.chart')) out.push('\n', node.querySelector('.chart__title').textContent, '\n', [...node.querySelectorAll('.chart__table tr')].map((row) => [...row.children].map((cell) => cell.textContent).join(' | ')).join('\n'), '\n');
    else if (node.matches('.banner')) out.push('\n! ', node.textContent, '\n');
    else if (node.matches('.context__text')) {
      out.push(' ');
      inside();
      out.push(' ');
    } else if (node.matches('td, th')) {
      inside();
      if (node.nextElementSibling) out.push(' | ');
    } else if (node.matches('blockquote')) out.push('\n', lines(node.childNodes, handles).replace(/^/gm, '> '), '\n');
    else if (node.matches('li')) {
      const at = [...node.parentElement.children].indexOf(node) + (node.parentElement.start || 1);
      out.push('\n', node.parentElement.matches('ol') ? `${at}. ` : '• ');
      inside();
      out.push('\n');
    } else if (LINES.has(node.tagName) || node.matches('.container__names > *')) {
      out.push('\n');
      inside();
      out.push('\n');
    } else inside();
  }

  function lines(what, handles = false) {
    const out = [];
    if (what instanceof NodeList) what.forEach((node) => walk(node, out, handles));
    else walk(what, out, handles);
    return out.join('').split('\n').map(flat).filter(Boolean).join('\n');
  }

  // What is in sight

  const header = () => flat([...document.querySelectorAll('.header__title > span:not(.badge)')].map((el) => el.textContent).join(' '));

  function messageOf(article) {
    const name = article.querySelector('.message__name').textContent;
    const marks = [['.message__private', 'only visible to you'], ['.message__edited', 'edited']]
      .filter(([selector]) => article.querySelector(selector)).map(([, words]) => words);
    return {
      where: `#${header()}`, title: [name, ...marks].join(', '), el: article, ts: article.dataset.ts, channel: article.dataset.channel,
    };
  }

  /** Everything on the page, the topmost and newest first. */
  function surfaces() {
    const found = [...document.querySelectorAll('.toast__text')].map((el) => ({ where: 'notice', title: '', el }));
    for (const el of document.querySelectorAll('dialog[open].dialog--modal .view-panel')) {
      if (shown(el)) found.push({ where: 'modal', title: el.querySelector('.dialog__title').textContent, el: el.querySelector('.dialog__body'), panel: el });
    }
    for (const el of document.querySelectorAll('.home')) found.push({ where: 'home', title: '', el });
    const articles = [...document.querySelectorAll('.conversation article, aside.thread:not([hidden]) article')];
    const byTs = new Map(articles.map((article) => [article.dataset.ts, messageOf(article)]));
    const newest = (a, b) => Number(b.ts) - Number(a.ts);
    return [...found, ...[...byTs.values()].sort(newest)];
  }

  function textOf(surface, handles) {
    const text = lines(surface.el, handles);
    if (!surface.panel) return text;
    const buttons = [...surface.panel.querySelectorAll('.dialog__buttons button:not([hidden])')].map((el) => `[${flat(el.textContent)}]`);
    return [text, buttons.join(' ')].filter(Boolean).join('\n');
  }

  const holds = (surface, wanted) => norm(textOf(surface)).includes(wanted) || norm(textOf(surface, true)).includes(wanted);

  const plainly = ({ where, title, ts = '', channel = '', ...surface }) => ({
    where, title, ts, channel, text: textOf(surface), by_handle: textOf(surface, true),
  });

  play.look = () => surfaces().map(plainly);
  play.find = (text) => {
    const wanted = norm(text);
    const found = surfaces().find((surface) => holds(surface, wanted) || norm(surface.title).includes(wanted));
    return found ? plainly(found) : null;
  };
  play.norm = norm;

  // What a person means

  function reachable(on) {
    const all = surfaces().filter(({ where }) => where !== 'notice');
    if (all[0]?.where === 'modal') return all.slice(0, 1);
    return on === null ? all : all.filter((surface) => holds(surface, norm(on)));
  }

  /** All elements; with `on`, those at or after the innermost first block that has it come first. */
  function elements(surface, on) {
    const blocks = [...surface.el.querySelectorAll('.block')];
    const rows = blocks.map((block) => [...block.querySelectorAll('[data-action]')].filter((node) => node.closest('.block') === block));
    const has = (block) => norm(lines(block)).includes(norm(on)) || norm(lines(block, true)).includes(norm(on));
    const innermost = (block) => has(block) && ![...block.querySelectorAll('.block')].some(has);
    const start = on === null ? 0 : Math.max(0, blocks.findIndex(innermost));
    return [...rows.slice(start).flat(), ...rows.slice(0, start).flat().reverse()].filter(shown);
  }

  function buttons(surface, on) {
    return elements(surface, on).flatMap((node) => {
      if (node.matches('.feedback')) return [...node.children].map((one) => ({ words: norm(one.querySelector('.button__text').textContent), node: one, option: null }));
      if (node.matches('button')) return [{ words: norm(node.querySelector('.button__text').textContent), node, option: null }];
      if (!node.matches('.element--overflow')) return [];
      return elementOf(node).options.map((option) => ({ words: norm(option.text.text), node: node.querySelector('button'), option: norm(option.text.text) }));
    });
  }

  play.button = (label, on) => {
    const wanted = norm(label);
    for (const surface of reachable(on)) {
      const all = buttons(surface, on);
      const found = all.find(({ words }) => words === wanted) ?? all.find(({ words }) => words.toLowerCase() === wanted.toLowerCase());
      if (found) return found;
    }
    return null;
  };
  play.buttons = (on) => reachable(on).flatMap((surface) => buttons(surface, on).map(({ words }) => words));

  function fields(surface, on) {
    return elements(surface, on).filter((node) => !node.matches('button, .element--overflow') && node.querySelector('input, textarea, [role=textbox]')).map((node) => {
      const element = elementOf(node);
      const block = node.closest('.block');
      const names = [block.querySelector('.input__label')?.textContent, element.placeholder?.text, element.accessibility_label,
        block.matches('.section') && lines(block.querySelector('.section__body'))];
      return { node, element, names: names.filter(Boolean).map((name) => norm(name).toLowerCase()) };
    });
  }

  /** The field with this label, placeholder or text beside it, the best match first. */
  play.field = (label, on) => {
    const wanted = norm(label).toLowerCase();
    const tests = [(name) => name === wanted, (name) => name.startsWith(wanted), (name) => name.includes(wanted)];
    for (const surface of reachable(on)) {
      const all = fields(surface, on);
      for (const test of tests) {
        const found = all.find(({ names }) => names.some(test));
        if (found) {
          const block = blockOf(found.node);
          const dispatches = block.type !== 'input' || block.dispatch_action === true;
          return { node: found.node, element: found.element, dispatches };
        }
      }
    }
    return null;
  };

  play.errors = () => {
    const panel = [...document.querySelectorAll('dialog[open].dialog--modal .view-panel')].find(shown);
    if (!panel) return {};
    const found = [...panel.querySelectorAll('.input.has-error')].map((el) => [el.querySelector('.input__label').textContent, el.querySelector('.input__error').textContent]);
    const banner = panel.querySelector('.banner');
    if (!banner.hidden) found.push(['modal', banner.textContent]);
    return Object.fromEntries(found);
  };
})();
