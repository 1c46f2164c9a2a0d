"""People, passwords and sign-in."""

from functools import lru_cache

from django.urls import reverse, reverse_lazy

# A page has dozens of people, and finding each URL takes 25 µs.
_user_url = lru_cache(10_000)(lambda username: reverse("user_detail", args=[username]))
ABSOLUTE_URL_OVERRIDES = {"auth.user": lambda user: _user_url(user.username)}
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [{"NAME": "people.passwords.SiteNameValidator"}]
# A reset link is as good as the password, so it works for an hour only.
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_SIGNUP_REDIRECT_URL = "welcome_profile"
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "people.forms.LoginForm",
    "signup": "people.forms.SignupForm",
    "change_password": "people.forms.ChangePasswordForm",
    "reset_password": "people.resets.ResetPasswordForm",
    "reset_password_from_key": "people.resets.ResetPasswordKeyForm",
    "user_token": "people.resets.UserTokenForm",
}
# The login form replaces a confirmed email address by its username.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "people.tokens.ResetTokens"  # noqa: S105
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 10
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
RESERVED_USERNAMES = ["admin", "administrator", "demo", "magpie", "moderator", "root", "support"]
# Signing up with a taken address looks like success. A refusal would reveal the account.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_USERNAME_VALIDATORS = "people.names.username_validators"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = reverse_lazy("account_email")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Magpie] "
