from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Profile
from people.models.told import KINDS


class ToldForm(forms.ModelForm[Profile]):
    """Choose what to be told of."""

    class Meta:
        model = Profile
        fields = [*KINDS, "weekly_digest"]
        labels = {"weekly_digest": _("Weekly mail")}
        help_texts = {
            "weekly_digest": _(
                "What others did with your images, and new images by people you follow. You get no "
                "mail if nothing happened."
            )
        }

    def save(self, commit: bool = True) -> Profile:
        """Save only what was changed, since another tab may have changed the rest."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        if changed:
            Profile.objects.filter(pk=self.instance.pk).update(**changed)
        return self.instance
