"""The URLs of Magpie."""

from allauth.account.decorators import secure_admin_login
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from people.forms import StaffPasswordChangeForm
from people.views import ConfirmEmailView, EmailView, SignupView
from web.health import healthz, readyz
from web.media import media
from web.well_known import change_password, security_txt

handler400 = "web.errors.bad_request"
handler403 = "web.errors.forbidden"
handler404 = "web.errors.not_found"
handler500 = "web.errors.server_error"
# django-allauth looks this one up.
handler429 = "web.errors.too_many_requests"
# Staff use the same login page as everyone, because it limits attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign, no-untyped-call]
admin.site.password_change_form = StaffPasswordChangeForm
admin.site.site_header = admin.site.site_title = "Magpie"

urlpatterns = [
    path("", include("home.urls")),
    path("", include("people.urls")),
    path("", include("images.urls")),
    path("accounts/signup/", SignupView.as_view(), name="account_signup"),
    path("accounts/email/", EmailView.as_view(), name="account_email"),
    path(
        "accounts/confirm-email/<str:key>/",
        ConfirmEmailView.as_view(),
        name="account_confirm_email",
    ),
    path("accounts/", include("allauth.account.urls")),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    path(".well-known/change-password", change_password),
    path(".well-known/security.txt", security_txt),
    path(f"{settings.MEDIA_PATH.lstrip('/')}<path:path>", media),
]
if settings.DEBUG and apps.is_installed("demo"):
    urlpatterns.append(path("", include("demo.urls")))
