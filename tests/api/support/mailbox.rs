//! A real mail server inside the test, over the protocol of the crate `mailin`, that breaks where it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mail_parser::{MessageParser, MimeHeaders};
use mailin::{Action, Handler, Response, SessionBuilder, response};

use super::line::{Guard, Line};

/// Where the server breaks.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It works.
    None,
    /// 554 instead of a greeting.
    Closed,
    /// 450 for every recipient.
    Later,
    /// 550 for this recipient.
    Unknown(String),
    /// 552 for this recipient: the mailbox is full.
    Full(String),
    /// The line is cut before the end of the text.
    CutBefore,
    /// The letter is taken and the line cut before the answer.
    CutAfter,
    /// The answer to the end comes too late.
    Slow(Duration),
    /// 450, a cut before or a busy greeting, by chance that is the same in every run; nothing is taken twice.
    Random,
}

/// A letter as the server took it, parsed by an independent reader.
#[derive(Clone, Debug)]
pub struct Received {
    /// Envelope recipient.
    pub to: String,
    /// Decoded subject.
    pub subject: String,
    /// Message-ID without brackets.
    pub id: String,
    /// Decoded plain text.
    pub text: String,
    /// Decoded HTML.
    pub html: String,
    /// The calendar file, if any.
    pub calendar: Option<String>,
    /// The whole as sent.
    pub raw: String,
}

impl Received {
    fn of(to: &str, raw: &[u8]) -> Received {
        let message =
            MessageParser::default().parse(raw).expect("a message that an independent reader understands");
        let calendar = message.attachments().find(|part| {
            part.content_type()
                .is_some_and(|kind| kind.ctype() == "text" && kind.subtype() == Some("calendar"))
        });
        Received {
            to: to.trim_matches(['<', '>']).to_owned(),
            subject: message.subject().unwrap_or("").to_owned(),
            id: message.message_id().unwrap_or("").to_owned(),
            text: message.body_text(0).map(|t| t.replace("\r\n", "\n")).unwrap_or_default(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            calendar: calendar.and_then(|part| part.text_contents()).map(str::to_owned),
            raw: String::from_utf8_lossy(raw).into_owned(),
        }
    }

    /// A header as it stands, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head =
            self.raw.split("\r\n\r\n").next().unwrap_or("").replace("\r\n ", " ").replace("\r\n\t", " ");
        let prefix = format!("{}:", name.to_lowercase());
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&prefix))?;
        Some(line[prefix.len()..].trim().to_owned())
    }
}

#[derive(Default)]
struct State {
    letters: Vec<Received>,
    fault: Option<Fault>,
    dice: u64,
    guard: Guard,
    heard: Vec<String>,
    in_hand: BTreeMap<String, usize>,
    most: BTreeMap<String, usize>,
}

impl State {
    /// Somebody begins to hand over a letter to a domain, `by` 1, or is done with it, `by` -1.
    fn count(&mut self, address: &str, by: isize) {
        let domain = domain(address);
        let now = self.in_hand.entry(domain.clone()).or_default();
        *now = now.saturating_add_signed(by);
        let most = self.most.entry(domain).or_default();
        *most = (*now).max(*most);
        let all: usize = self.in_hand.values().sum();
        let most = self.most.entry(String::new()).or_default();
        *most = all.max(*most);
    }

    /// Xorshift: the same numbers in every run.
    fn roll(&mut self, sides: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % sides
    }
}

fn domain(address: &str) -> String {
    address.rsplit('@').next().unwrap_or_default().trim_matches(['<', '>']).to_owned()
}

/// The server; it ends with the test.
pub struct Mailbox {
    port: u16,
    state: Arc<Mutex<State>>,
    over: Arc<AtomicBool>,
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

impl Mailbox {
    /// On a free port of this machine.
    pub fn open() -> Mailbox {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State { dice: 0x9E37_79B9_7F4A_7C15, ..State::default() }));
        let over = Arc::new(AtomicBool::new(false));
        let (served, ended) = (Arc::clone(&state), Arc::clone(&over));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let state = Arc::clone(&served);
                std::thread::spawn(move || drop(converse(stream, &state)));
            }
        });
        Mailbox { port, state, over }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Breaks from now on, or is mended.
    pub fn fault(&self, fault: Fault) {
        self.state.lock().expect("no session panicked").fault = Some(fault);
    }

    /// Guards its line like this from now on.
    pub fn guard(&self, guard: Guard) {
        self.state.lock().expect("no session panicked").guard = guard;
    }

    /// Commands heard since the last call; `sealed` stands before those that came under TLS.
    pub fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().expect("no session panicked").heard)
    }

    /// How many letters were at most being handed over at a time to a domain; to all of them: the empty one.
    pub fn most_at_a_time(&self, domain: &str) -> usize {
        self.state.lock().expect("no session panicked").most.get(domain).copied().unwrap_or(0)
    }

    /// The letters taken since the last call.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.state.lock().expect("no session panicked").letters)
    }

    /// Recipient and subject of the letters taken since the last call, sorted.
    pub fn taken(&self) -> Vec<(String, String)> {
        let mut taken: Vec<_> = self.take().into_iter().map(|l| (l.to, l.subject)).collect();
        taken.sort();
        taken
    }
}

/// One session's memory.
struct Taking {
    state: Arc<Mutex<State>>,
    to: Vec<String>,
    text: Vec<u8>,
}

impl Handler for Taking {
    fn rcpt(&mut self, to: &str) -> Response {
        let mut state = self.state.lock().expect("no session panicked");
        match state.fault.clone() {
            Some(Fault::Later) => Response::custom(450, "mailbox busy".into()),
            Some(Fault::Unknown(who)) if to.contains(&who) => Response::custom(550, "no such mailbox".into()),
            Some(Fault::Full(who)) if to.contains(&who) => Response::custom(552, "5.2.2 mailbox full".into()),
            Some(Fault::Random) if state.roll(4) == 0 => Response::custom(450, "try later".into()),
            _ => {
                state.count(to, 1);
                self.to = vec![to.to_owned()];
                response::OK
            }
        }
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.text.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let raw = std::mem::take(&mut self.text);
        let to = self.to.pop().unwrap_or_default();
        let letter = Received::of(&to, &raw);
        let fault = self.state.lock().expect("no session panicked").fault.clone();
        if let Some(Fault::Slow(wait)) = fault {
            std::thread::park_timeout(wait);
        }
        let mut state = self.state.lock().expect("no session panicked");
        state.letters.push(letter);
        state.count(&to, -1);
        response::OK
    }
}

impl Drop for Taking {
    fn drop(&mut self) {
        if let (Some(to), Ok(mut state)) = (self.to.pop(), self.state.lock()) {
            state.count(&to, -1);
        }
    }
}

fn converse(stream: TcpStream, state: &Arc<Mutex<State>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let look = || state.lock().expect("no session panicked");
    let fault = || look().fault.clone().unwrap_or(Fault::None);
    let guard = look().guard;
    let mut line = match guard {
        Guard::Tls => Line::Open(stream).sealed()?,
        Guard::None | Guard::Starttls => Line::Open(stream),
    };
    let turned_away = match fault() {
        Fault::Closed => Some("554 not for you\r\n"),
        Fault::Random if look().roll(6) == 0 => Some("421 busy\r\n"),
        _ => None,
    };
    if let Some(words) = turned_away {
        return line.write_all(words.as_bytes());
    }
    let taking = Taking { state: Arc::clone(state), to: Vec::new(), text: Vec::new() };
    let mut builder = SessionBuilder::new("mailbox.test");
    if guard == Guard::Starttls {
        builder.enable_start_tls();
    }
    let mut session = builder.build(IpAddr::V4(Ipv4Addr::LOCALHOST), taking);
    say(&mut line, &session.greeting())?;
    let mut lines = BufReader::new(line);
    let (mut heard, mut in_text) = (Vec::new(), false);
    while lines.read_until(b'\n', &mut heard)? > 0 {
        let end = in_text && heard == b".\r\n";
        let cut = matches!(fault(), Fault::Random) && end && look().roll(5) == 0;
        if end && (cut || fault() == Fault::CutBefore) {
            return Ok(());
        }
        if !in_text {
            let sealed = if matches!(lines.get_ref(), Line::Sealed(_)) { "sealed " } else { "" };
            look().heard.push(format!("{sealed}{}", String::from_utf8_lossy(&heard).trim()));
        }
        let answer = session.process(&heard);
        heard.clear();
        in_text = (in_text && !end) || answer.code == 354;
        if end && fault() == Fault::CutAfter {
            return Ok(());
        }
        if !matches!(answer.action, Action::NoReply) {
            say(lines.get_mut(), &answer)?;
        }
        match answer.action {
            Action::Close => break,
            Action::UpgradeTls => {
                lines = BufReader::new(lines.into_inner().sealed()?);
                session.tls_active();
            }
            _ => {}
        }
    }
    Ok(())
}

fn say(line: &mut Line, answer: &Response) -> std::io::Result<()> {
    line.write_all(&answer.buffer()?)?;
    line.flush()
}
