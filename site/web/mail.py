"""The mail backend for machines that send no mail."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class TerminalBackend(console.EmailBackend):
    """Print mail as plain text. The encoded message would break long links over two lines."""

    def write_message(self, message: EmailMessage) -> None:
        to = ", ".join(message.recipients())
        self.stream.write(f"\nTo: {to}\nSubject: {message.subject}\n\n{message.body}\n")
