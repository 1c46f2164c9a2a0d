"""How django-allauth behaves on Magpie: texts, password checks and mail."""

from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import mail_limits
from people.password_changes import save_password
from people.password_guesses import PasswordGuess, accounts_named
from stream.record import DeletedError, lock


def session_end() -> datetime:
    """Return the end of a session that begins now. Later writes to the session do not move it."""
    return timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def on_site(url: str) -> str:
    """Return `url` with the scheme and host of `SITE_URL`."""
    return urljoin(settings.SITE_URL, urlsplit(url)._replace(scheme="", netloc="").geturl())


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait five minutes, or reset your password."
        ),
        "username_password_mismatch": _("Wrong username or password."),
        "enter_current_password": _("Wrong password."),
        "incorrect_password": _("Wrong password."),
        "email_taken": _("Another account already uses this address."),
        "duplicate_email": _("Your account already has this address."),
        "max_email_addresses": _("An account can have at most %d addresses."),
    }

    def is_safe_url(self, url: str) -> bool:
        # Django's check raises ValueError for a malformed URL.
        with suppress(ValueError):
            return bool(super().is_safe_url(url))
        return False

    def get_client_ip(self, request: Any) -> str:
        """Return the client's IP address, an IPv4 address in its own notation.

        A server that listens on IPv6 only sees it mapped into IPv6.
        """
        ip = ip_address(super().get_client_ip(request))
        mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
        return str(mapped or ip)

    def login(self, request: Any, user: Any) -> None:
        super().login(request, user)
        request.session.set_expiry(session_end())

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        """Check a password, unless there were too many wrong ones."""
        login = credentials.get("email") or credentials["username"]
        guess = PasswordGuess()
        if not guess.is_name_open(request, login):
            raise self.validation_error("too_many_login_attempts")
        if not guess.are_accounts_open(accounts_named(login)):
            # The response must look the same and take as long as for a wrong password.
            make_password(credentials["password"])
            return None
        user = cast("User | None", super().authenticate(request, **credentials))
        if user:
            guess.refund()
        return user

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Check the password of a signed-in person, unless there were too many wrong ones."""
        guess = PasswordGuess()
        if not guess.are_accounts_open([user.pk]):
            raise self.validation_error("too_many_login_attempts")
        is_right = user.check_password(password)
        if is_right:
            guess.refund()
        return is_right

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        # Hashing takes long, so do it before the lock.
        user.set_password(password)
        save_password(cast("User", user))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail whose links lead to `SITE_URL`, not to the host that the request names."""
        if limit := mail_limits.exceeded(template_prefix, email, context):
            if limit is mail_limits.PER_PERSON:
                raise ImmediateHttpResponse(limit.refusal(self.request))
            # An error would reveal that other people use this mailbox.
            return
        site = SimpleNamespace(name="Magpie", domain=settings.SITE_HOST)
        links = {name: on_site(url) for name, url in context.items() if name.endswith("_url")}
        context = {"email": email, **context, **links, "current_site": site}
        self.render_mail(template_prefix, email, context).send()

    def get_reset_password_from_key_url(self, key: str) -> str:
        return on_site(super().get_reset_password_from_key_url(key))

    def confirm_email(self, request: Any, email_address: EmailAddress) -> bool:
        """Confirm an address; False if the link no longer works or another account was first."""
        try:
            with transaction.atomic():
                lock(email_address.user)
                # Saving a row that was deleted would create it again.
                is_pending = EmailAddress.objects.filter(pk=email_address.pk, verified=False)
                return is_pending.exists() and super().confirm_email(request, email_address)
        except (IntegrityError, DeletedError):
            return False

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMultiAlternatives:
        """Render a mail as plain text and as HTML with the same text."""
        mail = cast("EmailMultiAlternatives", super().render_mail(*args, **kwargs))
        context = {"title": mail.subject, "paragraphs": str(mail.body).split("\n\n")}
        mail.attach_alternative(render_to_string("account/email/layout.html", context), "text/html")
        return mail

    def get_password_change_redirect_url(self, request: Any) -> str:
        return resolve_url(request.user)
