"""How forms render through crispy: fields in order, one filled button that is a verb, a way back.

The summary of errors above the fields comes by itself (templates/bootstrap5/errors.html).
"""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject, TemplateNameMixin
from django.forms import BaseForm, BooleanField
from django.forms.utils import pretty_name
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Acts(TemplateNameMixin):
    """The end of a form: the act as the filled button, and the way back as a link where `back` is an address.

    `name` and `value` are sent with the button, for forms with more than one way on; `quiet` outlines it, where the page's one
    filled button stands elsewhere.
    """

    template = "components/form_acts.html"

    def __init__(
        self,
        act: Words,
        *,
        back: str = "",
        back_label: Words = "",
        name: str = "",
        value: str = "",
        quiet: bool = False,
    ) -> None:
        self.act, self.back, self.back_label = act, back, back_label or _("Cancel")
        self.name, self.value, self.quiet = name, value, quiet

    def render(self, form: BaseForm, context: Any, template_pack: str = "bootstrap5", **kwargs: Any) -> str:
        """The buttons as HTML."""
        return render_to_string(self.template, {"acts": self})


class Fold(LayoutObject):
    """Fields that few forms need, folded away; open where one of them is wrong or was changed."""

    template = "components/fold.html"

    def __init__(self, summary: Words, *fields: Any) -> None:
        self.summary, self.fields = summary, list(fields)

    def render(self, form: BaseForm, context: Any, template_pack: str = "bootstrap5", **kwargs: Any) -> str:
        """The fields within a `details` element."""
        names = [pointer.name for pointer in self.get_field_names()]
        return render_to_string(
            self.template,
            {
                "summary": self.summary,
                "fields": self.get_rendered_fields(form, context, template_pack, **kwargs),
                "is_open": any(name in form.errors or (form.is_bound and name in form.changed_data) for name in names),
            },
        )


def page_form(
    form: BaseForm,
    *rows: Any,
    act: Words,
    back: str = "",
    back_label: Words = "",
    action: str = "",
    quiet: bool = False,
    form_id: str = "",
    is_draft: bool = False,
) -> FormHelper:
    """The helper of a form that is sent with POST: `self.helper = page_form(self, act=_("Save deal"), back=url)`.

    `rows` are field names and crispy layout objects in order, by default every field. Fields that may be left empty say
    "(optional)"; the browser's own checks are off, because the server's answer names the field and how to put it right.
    `is_draft`: what is typed is kept in the browser until the server has taken it (static/js/drafts.js, where the page loads it).
    """
    for name, field in form.fields.items():
        if not field.required and not isinstance(field, BooleanField):
            label = pretty_name(name) if field.label is None else field.label
            field.label = format_lazy("{label} ({optional})", label=label, optional=_("optional")) if label else label
    helper = FormHelper()
    helper.layout = Layout(*(rows or form.fields), Acts(act, back=back, back_label=back_label, quiet=quiet))
    helper.attrs = {"novalidate": ""} | ({"data-draft": ""} if is_draft else {})
    helper.form_action = action
    helper.form_id = form_id
    return helper
