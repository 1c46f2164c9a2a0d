"""Check the maximum length of every form field before any other code processes the text."""

from collections.abc import Iterator
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms import BoundField, CharField, EmailField, Field
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

# In characters, for fields that declare no maximum of their own, such as passwords and choices.
MAX_LENGTH = 1000
# Django's field allows 320, but mail servers and the database do not.
MAX_EMAIL_LENGTH = 254


def max_length(field: Field) -> int:
    """Return the maximum length of `field` in characters."""
    declared = getattr(field, "max_length", None) or MAX_LENGTH
    return min(declared, MAX_EMAIL_LENGTH) if isinstance(field, EmailField) else declared


class BoundedField(BoundField):
    """A form field that refuses text over its maximum length without processing it.

    Django's own check is one validator among others. All of them run, and only after the text has
    been normalized.
    """

    def __init__(self, form: Any, field: Field, name: str) -> None:
        super().__init__(form, field, name)
        if form.is_bound:
            self._refuse_if_too_long()

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        """Draw the field with its label."""
        if any(base.__module__.startswith("allauth.") for base in type(self.form).__mro__):
            # allauth's placeholders repeat the labels, and disappear when somebody types.
            self.field.widget.attrs.pop("placeholder", None)
        return super().render(*args, **kwargs)

    def _refuse_if_too_long(self) -> None:
        try:
            for text in self._texts():
                MaxLengthValidator(max_length(self.field))(text)
        except ValidationError as error:
            error.message = self.field.error_messages.get("max_length", error.message)
            _refuse(self.field, error)

    def _texts(self) -> Iterator[str]:
        """Yield the texts submitted for this field, stripped if the field strips."""
        strips = isinstance(self.field, CharField) and self.field.strip
        values = [self.data]
        if self.field.show_hidden_initial:
            data, files = self.form.data, self.form.files
            hidden = self.field.hidden_widget()
            values.append(hidden.value_from_datadict(data, files, self.html_initial_name))
        while values:
            value = values.pop()
            if isinstance(value, list):
                values += value
            elif isinstance(value, str):
                yield value.strip() if strips else value


def _refuse(field: Field, error: ValidationError) -> None:
    """Make `field`, which is its form's own copy, raise `error` when it is cleaned."""

    def clean(value: object, initial: object = None) -> NoReturn:
        raise error

    field.clean = clean  # type: ignore[method-assign]
    field.has_changed = lambda initial, data: True  # type: ignore[method-assign]
    field.show_hidden_initial = False


class FormRenderer(TemplatesSetting):
    """Render forms from the templates of the project, with bounded fields."""

    bound_field_class = BoundedField
