// Path diagrams that can be read closely and rearranged: pointing shows every number, dragging moves a construct
// with its items, and the arrangement can be saved as the file that `--layout` of `trustpath plot` and `report` reads.
(() => {
  const STEP = 8;
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "tooltip");
  tip.id = "diagram-tip";
  tip.hidden = true;
  document.body.append(tip);

  const download = (name, type, text) => {
    const link = document.createElement("a");
    link.download = name;
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // Where the straight line from the centre of a shape towards a point leaves it.
  const border = (node, towards) => {
    const cx = node.x + node.dx, cy = node.y + node.dy;
    const vx = towards[0] - cx, vy = towards[1] - cy;
    const w = node.w / 2, h = node.h / 2;
    const length = Math.hypot(vx, vy) || 1;
    const inside = (share) => {
      const x = Math.abs(vx * share), y = Math.abs(vy * share);
      if (node.shape === "factor") return (x / w) ** 2 + (y / h) ** 2 <= 1;
      if (node.shape === "composite") return y <= h && x <= w - Math.min(h * 0.6, w / 2) * (y / h);
      return x <= w && y <= h;
    };
    let low = 0, high = Math.max(1, (2 * (w + h)) / length);
    for (let i = 0; i < 40; i += 1) {
      const middle = (low + high) / 2;
      if (inside(middle)) low = middle; else high = middle;
    }
    return [cx + vx * high, cy + vy * high];
  };

  for (const plate of document.querySelectorAll(".plate.movable")) {
    const svg = plate.querySelector("svg");
    if (!svg) continue;
    const all = (selector) => Array.from(svg.querySelectorAll(selector));
    const nodes = new Map();
    for (const g of all("g[data-node]")) {
      const [x, y, w, h] = ["x", "y", "w", "h"].map((key) => Number(g.dataset[key]));
      nodes.set(g.dataset.node, { g, x, y, w, h, dx: 0, dy: 0, shape: g.dataset.shape, name: g.dataset.node });
    }
    const items = all("g[data-of]");
    const edges = all("g[data-from]").map((g) => {
      const path = g.querySelector("path"), head = g.querySelector("polygon");
      const at = Number(g.dataset.edge);
      const label = svg.querySelector(`g[data-label="${at}"]`);
      return { g, path, head, label, from: g.dataset.from, to: g.dataset.to, onto: g.dataset.onto,
        d: path.getAttribute("d"), points: head ? head.getAttribute("points") : "", straight: null };
    });
    const middle = (edge) => {
      if (edge.straight) {
        const [a, b] = edge.straight;
        return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      }
      const half = edge.path.getPointAtLength(edge.path.getTotalLength() / 2);
      return [half.x, half.y];
    };
    const redraw = (edge) => {
      const from = nodes.get(edge.from), to = nodes.get(edge.to);
      if (!from) return;
      let end;
      if (edge.onto !== undefined) {
        const target = edges.find((other) => other.g.dataset.edge === edge.onto);
        end = target ? middle(target) : null;
      } else if (to) {
        end = border(to, [from.x + from.dx, from.y + from.dy]);
      }
      if (!end) return;
      const start = border(from, to && edge.onto === undefined ? [to.x + to.dx, to.y + to.dy] : end);
      const length = Math.hypot(end[0] - start[0], end[1] - start[1]) || 1;
      const ux = (end[0] - start[0]) / length, uy = (end[1] - start[1]) / length;
      const neck = [end[0] - ux * 8, end[1] - uy * 8];
      edge.straight = [start, end];
      edge.path.setAttribute("d", `M${start[0]} ${start[1]}L${neck[0]} ${neck[1]}`);
      if (edge.head) {
        const half = 4.5;
        const base = [end[0] - ux * 10, end[1] - uy * 10];
        edge.head.setAttribute("points",
          `${end[0]},${end[1]} ${base[0] - uy * half},${base[1] + ux * half} ${base[0] + uy * half},${base[1] - ux * half}`);
      }
      if (edge.label) {
        const [x, y] = [Number(edge.label.dataset.x), Number(edge.label.dataset.y)];
        // Off the middle, so that crossing paths do not hide each other's number.
        const place = [start[0] + (end[0] - start[0]) * 0.45, start[1] + (end[1] - start[1]) * 0.45];
        // On its path again, it needs no line to it.
        edge.label.querySelector("line")?.setAttribute("visibility", "hidden");
        edge.label.setAttribute("transform", `translate(${place[0] - x} ${place[1] - y})`);
      }
    };
    const original = svg.getAttribute("viewBox");
    const [left, top, width, height] = original.split(" ").map(Number);
    const fit = () => {
      // Everything stays in view, whatever was moved.
      const boxes = Array.from(nodes.values(), (node) => node.g).concat(items);
      let [x0, y0, x1, y1] = [left, top, left + width, top + height];
      const inverse = svg.getScreenCTM().inverse();
      for (const g of boxes) {
        const box = g.getBoundingClientRect();
        for (const [x, y] of [[box.left, box.top], [box.right, box.bottom]]) {
          const point = new DOMPoint(x, y).matrixTransform(inverse);
          x0 = Math.min(x0, point.x - 6); y0 = Math.min(y0, point.y - 6);
          x1 = Math.max(x1, point.x + 6); y1 = Math.max(y1, point.y + 6);
        }
      }
      svg.setAttribute("viewBox", `${x0} ${y0} ${x1 - x0} ${y1 - y0}`);
    };
    const move = (node, dx, dy) => {
      node.dx = dx;
      node.dy = dy;
      const words = dx || dy ? `translate(${dx} ${dy})` : "";
      for (const g of [node.g, ...items.filter((item) => item.dataset.of === node.name)]) {
        if (words) g.setAttribute("transform", words); else g.removeAttribute("transform");
      }
      const touched = edges.filter((edge) => edge.from === node.name || edge.to === node.name);
      touched.filter((edge) => edge.onto === undefined).forEach(redraw);
      edges.filter((edge) => edge.onto !== undefined).forEach((edge) => {
        const target = edges.find((other) => other.g.dataset.edge === edge.onto);
        if (touched.includes(edge) || touched.includes(target)) redraw(edge);
      });
    };

    // The drawing is a picture until it can be used; now its parts have names of their own.
    svg.setAttribute("role", "group");
    for (const node of nodes.values()) {
      const { g } = node;
      g.setAttribute("tabindex", "0");
      g.setAttribute("role", "img");
      g.classList.add("movable");
      let start = null;
      g.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        g.focus();
        g.setPointerCapture(event.pointerId);
        start = { x: event.clientX, y: event.clientY, dx: node.dx, dy: node.dy };
      });
      g.addEventListener("pointermove", (event) => {
        if (!start) return;
        const scale = svg.getScreenCTM().a || 1;
        move(node, start.dx + (event.clientX - start.x) / scale, start.dy + (event.clientY - start.y) / scale);
        tip.hidden = true;
      });
      const stop = () => { if (start) { start = null; fit(); } };
      g.addEventListener("pointerup", stop);
      g.addEventListener("pointercancel", stop);
      g.addEventListener("keydown", (event) => {
        const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
        if (!by) return;
        event.preventDefault();
        move(node, node.dx + by[0], node.dy + by[1]);
        fit();
      });
    }

    // Every number of what is pointed at.
    for (const g of all("g[data-node], g[data-of], g[data-from], g[data-label]")) {
      const title = g.querySelector(":scope > title");
      if (!title) continue;
      const words = title.textContent;
      title.remove();
      if (g.dataset.node !== undefined) g.setAttribute("aria-label", words.replace(/\n/g, ", "));
      const show = (x, y) => {
        tip.textContent = words;
        tip.hidden = false;
        const box = tip.getBoundingClientRect();
        tip.style.left = `${Math.max(4, Math.min(x + 14, window.innerWidth - box.width - 8))}px`;
        tip.style.top = `${y + 18 + box.height > window.innerHeight ? y - box.height - 10 : y + 18}px`;
      };
      g.addEventListener("pointerenter", (event) => show(event.clientX, event.clientY));
      g.addEventListener("pointermove", (event) => { if (!event.buttons) show(event.clientX, event.clientY); });
      g.addEventListener("pointerleave", () => (tip.hidden = true));
      g.addEventListener("focus", () => {
        const box = g.getBoundingClientRect();
        show(box.left, box.bottom - 14);
      });
      g.addEventListener("blur", () => (tip.hidden = true));
      g.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
    }

    const tools = document.createElement("div");
    tools.className = "tools";
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "copy";
      made.textContent = said(label);
      made.addEventListener("click", act);
      tools.append(made);
    };
    const name = plate.closest("figure").id;
    button("Save layout", () => {
      const places = {};
      for (const node of nodes.values()) {
        places[node.name] = [node.x + node.dx, node.y + node.dy].map((value) => Math.round(value * 100) / 100);
      }
      download(`${name}.layout.json`, "application/json",
        `${JSON.stringify({ trustpath_layout: 1, figure: name, nodes: places }, null, 1)}\n`);
    });
    button("Original layout", () => {
      for (const node of nodes.values()) move(node, 0, 0);
      for (const edge of edges) {
        edge.straight = null;
        edge.path.setAttribute("d", edge.d);
        if (edge.head) edge.head.setAttribute("points", edge.points);
        if (edge.label) {
          edge.label.removeAttribute("transform");
          edge.label.querySelector("line")?.removeAttribute("visibility");
        }
      }
      svg.setAttribute("viewBox", original);
    });
    button("Save as SVG", () => download(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(svg)));
    const hint = document.createElement("span");
    hint.className = "note";
    hint.textContent = said("Drag constructs, or move them by the arrow keys; point at anything for its numbers.");
    tools.append(hint);
    plate.after(tools);
  }
})();
