from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.models import User

from people.models import Contact, Profile
from people.usernames import validate_not_taken


class NoLookalike(forms.ModelForm[User]):
    """Refuse a username that passes for another before the model does."""

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        validate_not_taken(username, self.instance)
        return username


class UserAddForm(NoLookalike, auth_forms.AdminUserCreationForm[User]):
    pass


class UserChangeForm(NoLookalike, auth_forms.UserChangeForm[User]):
    pass


admin.site.unregister(User)


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin[User]):
    add_form = UserAddForm
    form = UserChangeForm


@admin.register(Profile)
class ProfileAdmin(admin.ModelAdmin[Profile]):
    list_display = ["user", "date_of_birth", "photo"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
    fields = ["user", "date_of_birth", "photo"]
    readonly_fields = ["user"]

    def has_add_permission(self, request: object) -> bool:
        # Every user has a profile already.
        return False


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin[Contact]):
    list_display = ["user_from", "user_to", "created"]
    list_select_related = ["user_from", "user_to"]
    list_filter = ["created"]
    search_fields = ["user_from__username", "user_to__username"]
    autocomplete_fields = ["user_from", "user_to"]
