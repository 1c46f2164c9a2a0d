"""Mail on a machine that sends none."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class TerminalBackend(console.EmailBackend):
    """Print mail as it reads; encoded as it is sent, a long link would be cut in two."""

    def write_message(self, message: EmailMessage) -> None:
        to = ", ".join(message.recipients())
        self.stream.write(f"\nTo: {to}\nSubject: {message.subject}\n\n{message.body}\n")
