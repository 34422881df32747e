//! The page in a real browser: headless Chromium, spoken to over two pipes in its `DevTools` protocol.

#![cfg(unix)]

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trustpath::document::{Block, Document, Figure, Part};
use trustpath::plot::results::{self, DiagramOptions};
use trustpath::plot::{Arrangement, Theme};
use trustpath::table::Language;

/// Longer than this nothing takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page.
struct Browser {
    child: Child,
    to: File,
    from: Receiver<Value>,
    session: String,
    count: u64,
    /// What the console, the log and uncaught errors said.
    complaints: Vec<String>,
}

impl Browser {
    /// Opens a page; the folder keeps the browser's own files.
    fn open(folder: &Path, page: &Path) -> Self {
        let (there, back) = (folder.join("there"), folder.join("back"));
        for pipe in [&there, &back] {
            assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }
        let profile = folder.join("profile");
        let child = Command::new("sh")
            .arg("-c")
            .arg("exec chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
                  --disable-component-update --disable-sync --window-size=1280,900 --remote-debugging-pipe \
                  --user-data-dir=\"$1\" about:blank 3<\"$2\" 4>\"$3\"")
            .args(["sh".as_ref(), profile.as_os_str(), there.as_os_str(), back.as_os_str()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The shell opens its ends in this order.
        let to = File::options().write(true).open(&there).unwrap();
        let from = File::open(&back).unwrap();
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(from).split(0) {
                let Ok(message) = message else { return };
                let Ok(message) = serde_json::from_slice(&message) else { continue };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut browser =
            Self { child, to, from: receiver, session: String::new(), count: 0, complaints: Vec::new() };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }))["targetId"].clone();
        let attached = browser.call("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        attached["sessionId"].as_str().unwrap().clone_into(&mut browser.session);
        for domain in ["Runtime.enable", "Log.enable", "Page.enable"] {
            browser.call(domain, json!({}));
        }
        browser.call("Page.navigate", json!({ "url": format!("file://{}", page.display()) }));
        browser.wait("document.readyState === 'complete' && document.querySelectorAll('.copy').length > 0");
        browser
    }

    #[allow(clippy::needless_pass_by_value, reason = "made where it is said")]
    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.count += 1;
        let mut message = json!({ "id": self.count, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.from.recv_timeout(PATIENCE).unwrap();
            let said = &answer["params"];
            match answer["method"].as_str() {
                Some("Runtime.consoleAPICalled") => self.complaints.push(said["args"].to_string()),
                Some("Runtime.exceptionThrown") => self.complaints.push(said["exceptionDetails"].to_string()),
                Some("Log.entryAdded") => self.complaints.push(said["entry"].to_string()),
                _ => {}
            }
            if answer["id"] == self.count {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    /// What an expression of the page comes to.
    fn eval(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let result = self.call("Runtime.evaluate", parameters);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {}", result["exceptionDetails"]);
        result["result"]["value"].clone()
    }

    fn wait(&mut self, condition: &str) {
        let start = Instant::now();
        while self.eval(condition) != true {
            assert!(start.elapsed() < PATIENCE, "never: {condition}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// The middle of an element within the window, after scrolling to it.
    fn middle(&mut self, element: &str) -> [f64; 2] {
        let script = format!(
            "(() => {{ const e = {element}; e.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
             const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
        );
        let place = self.eval(&script);
        [place[0].as_f64().unwrap(), place[1].as_f64().unwrap()]
    }

    fn mouse(&mut self, kind: &str, [x, y]: [f64; 2], buttons: u8) {
        let button = if kind == "mouseMoved" && buttons == 0 { "none" } else { "left" };
        let parameters = json!({
            "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1,
        });
        self.call("Input.dispatchMouseEvent", parameters);
    }

    fn click(&mut self, element: &str) {
        let at = self.middle(element);
        self.mouse("mouseMoved", at, 0);
        self.mouse("mousePressed", at, 1);
        self.mouse("mouseReleased", at, 0);
    }

    fn press(&mut self, key: &str) {
        for kind in ["rawKeyDown", "keyUp"] {
            self.call("Input.dispatchKeyEvent", json!({ "type": kind, "key": key, "code": key }));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The example with its path diagram on top.
fn page() -> Document {
    let (fit, boot) = super::estimated();
    let options = DiagramOptions { items: true, ..DiagramOptions::default() };
    let svg = results::diagram(&fit, Some(&boot), options).svg(&Theme::screen()).unwrap();
    let mut document = super::example().clone();
    let figure = Figure {
        id: "paths".to_owned(),
        title: "Model".to_owned(),
        caption: "Paths.".to_owned(),
        svg: svg.to_string(),
        paper: None,
        file: None,
    };
    let blocks = vec![Block::Figure(figure)];
    document.parts.insert(0, Part { anchor: "drawn".to_owned(), heading: "Drawing".to_owned(), blocks });
    document
}

const NODE: &str = "document.querySelector('g[data-node=\"PU\"]')";
/// Everything that belongs to the construct, as it is drawn now.
const STATE: &str = "JSON.stringify([\
    document.querySelector('g[data-node=\"PU\"]').getAttribute('transform'),\
    [...document.querySelectorAll('g[data-of=\"PU\"]')].map(g => g.getAttribute('transform')),\
    [...document.querySelectorAll('g[data-from=\"PU\"] path, g[data-to=\"PU\"] path')].map(p => p.getAttribute('d'))])";

#[test]
fn the_diagram_can_be_pointed_at_dragged_saved_and_put_back() {
    if !super::found("chromium") {
        eprintln!("skipped: no Chromium at hand");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    std::fs::write(&file, page().to_html().unwrap()).unwrap();
    let mut browser = Browser::open(folder.path(), &file);
    let state = |browser: &mut Browser| browser.eval(STATE).as_str().unwrap().to_owned();
    let first = state(&mut browser);

    // Pointing shows every number of a construct, and of a path; leaving hides them.
    let at = browser.middle(NODE);
    browser.mouse("mouseMoved", at, 0);
    browser.wait("!document.querySelector('.tip').hidden");
    let tip = browser.eval("document.querySelector('.tip').textContent");
    assert!(tip.as_str().unwrap().contains("R²"), "{tip}");
    let inside = "(() => { const b = document.querySelector('.tip').getBoundingClientRect(); \
                  return b.left >= 0 && b.right <= innerWidth && b.bottom <= innerHeight; })()";
    assert_eq!(browser.eval(inside), true);
    browser.mouse("mouseMoved", [2.0, 2.0], 0);
    browser.wait("document.querySelector('.tip').hidden");
    let label = browser.middle("document.querySelector('g[data-label]')");
    browser.mouse("mouseMoved", label, 0);
    browser.wait("document.querySelector('.tip').textContent.includes('β =')");
    let tip = browser.eval("document.querySelector('.tip').textContent");
    assert!(tip.as_str().unwrap().contains("SE ") && tip.as_str().unwrap().contains('['), "{tip}");

    // Dragging moves a construct, its items and its paths, and nothing else.
    let other = "document.querySelector('g[data-node=\"ATT\"]').getAttribute('transform')";
    let [x, y] = browser.middle(NODE);
    browser.mouse("mouseMoved", [x, y], 0);
    browser.mouse("mousePressed", [x, y], 1);
    browser.mouse("mouseMoved", [x + 20.0, y - 30.0], 1);
    browser.mouse("mouseMoved", [x + 40.0, y - 60.0], 1);
    browser.mouse("mouseReleased", [x + 40.0, y - 60.0], 0);
    let dragged = state(&mut browser);
    assert_ne!(first, dragged);
    assert!(dragged.matches("translate(").count() == 5, "the construct and its four items: {dragged}");
    assert!(browser.eval(other).is_null());

    // The arrow keys move the construct in focus by 8.
    let x_of = format!("Number({NODE}.getAttribute('transform').match(/translate\\(([-.0-9]+)/)[1])");
    let before = browser.eval(&x_of).as_f64().unwrap();
    browser.press("ArrowRight");
    assert!((browser.eval(&x_of).as_f64().unwrap() - before - 8.0).abs() < 1e-6);

    // What is saved is a file that `plot --layout` reads.
    browser.eval(
        "window.saved = []; { const make = URL.createObjectURL; URL.createObjectURL = (blob) => { \
         blob.text().then((text) => saved.push(text)); return make.call(URL, blob); }; }",
    );
    let button = |words: &str| {
        format!("[...document.querySelectorAll('button')].find((b) => b.textContent === '{words}')")
    };
    browser.click(&button("Save layout"));
    browser.wait("saved.length === 1");
    let saved = browser.eval("saved[0]").as_str().unwrap().to_owned();
    assert!(!Arrangement::parse(&saved).unwrap().is_empty());
    let places: Value = serde_json::from_str(&saved).unwrap();
    let centre = browser.eval(&format!("Number({NODE}.dataset.x)")).as_f64().unwrap();
    let moved = places["nodes"]["PU"][0].as_f64().unwrap() - centre;
    assert!((moved - before - 8.0).abs() < 0.02, "{moved}");
    browser.click(&button("Save as SVG"));
    browser.wait("saved.length === 2 && saved[1].startsWith('<svg')");

    // Back to where it was.
    browser.click(&button("Original layout"));
    assert_eq!(first, state(&mut browser));
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn tables_sort_copy_and_fit_narrow_screens() {
    if !super::found("chromium") {
        eprintln!("skipped: no Chromium at hand");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    let chinese = super::report(Language::Chinese).document(&[]);
    for (document, copied) in [(page(), "Copied"), (chinese, "已复制")] {
        std::fs::write(&file, document.to_html().unwrap()).unwrap();
        let inner = tempfile::tempdir().unwrap();
        let mut browser = Browser::open(inner.path(), &file);
        // By β, upwards, downwards, and back.
        let table = "document.querySelector('#table-hypotheses table')";
        let order = format!(
            "JSON.stringify([...{table}.tBodies[0].rows].map((row) => Number(row.cells[3].dataset.v)))"
        );
        let values = |browser: &mut Browser| -> Vec<f64> {
            serde_json::from_str(browser.eval(&order).as_str().unwrap()).unwrap()
        };
        let original = values(&mut browser);
        let mut sorted = original.clone();
        sorted.sort_by(f64::total_cmp);
        let head = format!("{table}.tHead.rows[0].cells[3].querySelector('button')");
        browser.click(&head);
        assert_eq!(values(&mut browser), sorted);
        assert_eq!(
            browser.eval(&format!("{table}.tHead.rows[0].cells[3].getAttribute('aria-sort')")),
            "ascending"
        );
        browser.click(&head);
        sorted.reverse();
        assert_eq!(values(&mut browser), sorted);
        browser.click(&head);
        assert_eq!(values(&mut browser), original);
        let copy = "document.querySelector('#table-hypotheses .copy')";
        browser.click(copy);
        browser.wait(&format!("{copy}.textContent === '{copied}'"));
        // A phone: nothing is wider than the window but what scrolls by itself.
        let phone = json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
        browser.call("Emulation.setDeviceMetricsOverride", phone);
        assert_eq!(browser.eval("document.documentElement.scrollWidth <= 390"), true);
        assert_eq!(browser.complaints, Vec::<String>::new());
    }
}
