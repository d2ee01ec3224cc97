"""An SMTP server of this machine that remembers what it took, and when it said so."""

import email
import email.policy
import random
import socketserver
import threading
import time


class Letter:
    """A letter that was taken."""

    def __init__(self, raw, recipient):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.id = message["Message-ID"].strip("<> ").partition("@")[0]
        self.to = recipient
        self.raw = raw
        self.message = message
        self.text = message.get_body(("plain",)).get_content()
        self.at = time.monotonic()


class Session(socketserver.StreamRequestHandler):
    """One dialogue, as far as a sender of letters needs it."""

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        try:
            self.talk()
        except OSError:
            pass  # the sender was killed

    def talk(self):
        recipient = ""
        self.say("220 mailbox")
        for raw in self.rfile:
            line = raw.decode(errors="replace").strip()
            verb = line.upper()
            if verb.startswith("DATA"):
                self.say("354 go on")
                body = self.body()
                if body is None:
                    return  # cut off before the final dot: nothing was taken
                self.server.take(Letter(body, recipient))
                self.say("250 taken")
                continue
            if verb.startswith("RCPT TO:"):
                recipient = line[8:].strip().strip("<>").lower()
            self.say("221 bye" if verb.startswith("QUIT") else "250 mailbox" if verb.startswith("EHLO") else "250 fine")
            if verb.startswith("QUIT"):
                return

    def body(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b"..") else line)
        return None


class Mailbox(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine until the block ends. Now and then it thinks for a while before it says that
    it took a letter, so that a kill falls between the two."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, chance):
        super().__init__(("127.0.0.1", 0), Session)
        self.port = self.server_address[1]
        self.letters = []
        self.lock = threading.Lock()
        self.chance = random.Random(chance)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, letter):
        with self.lock:
            self.letters.append(letter)
            pause = self.chance.choice((0, 0, 0, 0.02, 0.1))
        time.sleep(pause)

    def taken(self):
        """All so far."""
        with self.lock:
            return list(self.letters)

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
