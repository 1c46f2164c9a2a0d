from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from typing import Any

from allauth.account import admin as account_admin
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.models import User
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from imaging.admission import decoding
from people.addresses import addresses_of, notify
from people.admin_actions import deactivate, reactivate
from people.admin_deletions import PeopleDeletionAdmin
from people.models import Contact, Profile
from people.names import validate_full_name
from people.password_changes import SetOnlyPassword
from people.usernames import rules, validate_not_taken
from stream.admin import KeySelect
from web.bounded_lists import BoundedListAdmin
from web.mail import send_with_change

# The fields that a search for people looks at.
NAMES = ["username", "first_name", "last_name", "email"]


class PeopleListAdmin[M: Model](BoundedListAdmin[M]):
    """A list of people that is searched by their names."""

    search_help_text = _("The beginning of a username, a name or an address")
    # What lookups put before the fields of the user.
    user_prefix = ""

    def conditions(self, term: str) -> Iterable[Q]:
        yield from super().conditions(term)
        # Either name may have a space in it.
        for first, _space, last in {term.partition(" "), term.rpartition(" ")}:
            if first and last:
                names = {"first_name__istartswith": first, "last_name__istartswith": last}
                yield Q(*((f"{self.user_prefix}{field}", name) for field, name in names.items()))


class UsernameRules(forms.ModelForm[User]):
    """Apply the rules of the signup form to a new username. An unchanged one may break them."""

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if "username" in self.changed_data:
            for rule in rules:
                rule(username)
            validate_not_taken(username, self.instance)
        return username


class UserAddForm(UsernameRules, auth_forms.AdminUserCreationForm[User]):
    pass


class UserChangeForm(UsernameRules, auth_forms.UserChangeForm[User]):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        validate_full_name(self, is_staff=self.cleaned_data.get("is_staff", False))
        return cleaned


class UserPasswordForm(SetOnlyPassword, auth_forms.AdminPasswordChangeForm[User]):
    pass


admin.site.unregister(User)


@admin.register(User)
class UserAdmin(PeopleListAdmin[User], PeopleDeletionAdmin, auth_admin.UserAdmin[User]):
    sortable_by = ["username"]
    search_fields = [f"^{name}" for name in NAMES]
    add_form = UserAddForm
    form = UserChangeForm
    change_password_form = UserPasswordForm
    actions = [deactivate, reactivate]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        old = addresses_of(User.objects.get(pk=obj.pk)) if change else []
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data and old and obj.email:
            to = [*old, obj.email]
            send_with_change(partial(notify, obj, "email_changed", to, primary=obj.email))


@admin.register(Profile)
class ProfileAdmin(PeopleListAdmin[Profile]):
    user_prefix = "user__"
    sortable_by = ()
    search_fields = [f"^user__{name}" for name in NAMES]
    list_display = ["user", "date_of_birth", "photo"]
    list_select_related = ["user"]
    fields = ["user", "date_of_birth", "photo", "bio", "link"]
    readonly_fields = ["user"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Every user has a profile already.
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # Wait for a decoding slot before the transaction begins, never inside it.
        with decoding() if request.FILES else nullcontext():
            return super().changeform_view(request, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Profile | None = None) -> bool:
        # A profile is only deleted with its user, whose delete page checks this permission too.
        match = request.resolver_match
        is_own_page = match is not None and str(match.url_name).startswith("people_profile")
        return not is_own_page and super().has_delete_permission(request, obj)


admin.site.unregister(EmailAddress)


@admin.register(EmailAddress)
class EmailAddressAdmin(PeopleListAdmin[EmailAddress], account_admin.EmailAddressAdmin):
    user_prefix = "user__"
    sortable_by = ()
    search_fields = ["^email", *(f"^user__{name}" for name in NAMES)]


@admin.register(Contact)
class ContactAdmin(BoundedListAdmin[Contact]):
    list_display = ["user_from", "user_to", "created"]
    list_select_related = ["user_from", "user_to"]
    list_filter = ["created"]
    sortable_by = ["created"]
    search_fields = ["=user_from__username", "=user_to__username"]
    search_help_text = _("A username")
    autocomplete_fields = ["user_from", "user_to"]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        kwargs["widget"] = KeySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # The verbs also record and retract the action.
    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        Contact.objects.follow(obj.user_from, obj.user_to)
        obj.pk = Contact.objects.get(user_from=obj.user_from, user_to=obj.user_to).pk

    def delete_model(self, request: HttpRequest, obj: Contact) -> None:
        Contact.objects.unfollow(obj.user_from, obj.user_to)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        for contact in queryset:
            self.delete_model(request, contact)

    def has_change_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return False
