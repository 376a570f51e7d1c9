"""The resources of registers: what they are, their entries, and rows taken in at once.

A register app shows one register under an address of its own by ``RegisterEntries``, or simply by
``resource_of`` its key; its routes must be in the route table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters.rest_framework import BooleanFilter
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mapro.core.errors import Invalid
from mapro.core.sheets import SheetRow
from planning import actions, policies
from planning.api import entry_serializers as serializers
from planning.api.govern_serializers import WhyInput
from planning.api.views import Filters, ListResource, Resource, number
from planning.models import Entry, EntryLink
from planning.registers import REGISTERS, Register
from planning.vocabulary import Perm


class RegisterResource(Resource):
    """Registers: no planning content, so everybody signed in may see which there are."""

    queryset = Entry.objects.none()
    serializer_class = serializers.RegisterDefinitionSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=serializers.RegisterDefinitionSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Every register with its fields and their choices."""
        rows = serializers.RegisterDefinitionSerializer(list(REGISTERS.values()), many=True)
        return Response(rows.data)


class OfOneRegister(Filters):
    """Filters of entries."""

    retired = BooleanFilter(
        field_name="retired_at", lookup_expr="isnull", exclude=True,
        help_text="false lists what stands, true what was retired; both without.",
    )  # fmt: skip

    class Meta:
        model = Entry
        fields = ("effort__slug", "number", "kind", "highlight")


class OfRegisters(OfOneRegister):
    """The same for the entries of all registers."""

    class Meta(OfOneRegister.Meta):
        fields = (*OfOneRegister.Meta.fields, "register")  # type: ignore[assignment]


ROWS = Entry.objects.select_related("effort", "portion", "added_by", "changed_by").prefetch_related(
    Prefetch("links", EntryLink.objects.select_related("to").defer("to__data"))
)


class RegisterEntries(ListResource):
    """The entries of one register, to read."""

    register = ""  # its key
    queryset = ROWS
    serializer_class = serializers.EntrySerializer
    filterset_class = OfOneRegister
    effort_path = "effort_id"
    list_perm = Perm.REGISTER_VIEW

    def get_queryset(self) -> QuerySet[Any]:
        """Those of registers that are plugged in, in efforts that the caller may see."""
        return super().get_queryset().filter(**self._narrowed())

    def _narrowed(self) -> dict[str, Any]:
        return {"register__in": [self.register]}

    def entry(self, pk: str) -> Entry:
        """The entry of the address, checked against the route."""
        return policies.access_entry(self.user, to=self.perm, pk=number(pk), **self._narrowed())

    def shown(self, found: Entry, code: int = status.HTTP_200_OK) -> Response:
        """An entry as it stands now."""
        return self.answer(serializers.EntrySerializer, ROWS.get(pk=found.pk), code)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One entry."""
        return self.shown(self.entry(pk))


def resource_of(register: str) -> type[RegisterEntries]:
    """The resource of one register, to be put into the API under an address of its own."""
    name = "".join(part.capitalize() for part in register.split("-"))
    more = {"register": register, "__doc__": f"The entries of the register “{register}”."}
    return type(f"{name}Resource", (RegisterEntries,), more)


class EntryResource(RegisterEntries):
    """The entries of all registers."""

    filterset_class = OfRegisters

    def _narrowed(self) -> dict[str, Any]:
        return {"register__in": REGISTERS}

    @extend_schema(request=serializers.EntryInput, responses={201: serializers.EntrySerializer})
    def create(self, request: Request) -> Response:
        """Enter a fact."""
        sent = self.sent(serializers.EntryInput)
        effort = policies.access_effort(self.user, sent["effort"], to=self.perm)
        made = actions.add_entry(
            effort=effort, register=_register(sent["register"]), values=sent["values"],
            by=self.user, portion=sent.get("portion"), highlight=sent.get("highlight", False),
        )  # fmt: skip
        return self.shown(made, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.EntryChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change some fields; 409 with both texts if somebody changed the same ones since."""
        found = self.entry(pk)
        sent = self.sent(serializers.EntryChange)
        saved = actions.save_entry(
            entry=found, values=sent.get("values", {}), revision=sent["revision"], by=self.user,
            portion=sent.get("portion"),
        )  # fmt: skip
        return self.shown(saved)

    @extend_schema(request=serializers.HighlightInput)
    @action(detail=True, methods=["post"])
    def highlight(self, request: Request, pk: str) -> Response:
        """Mark what reaches the overview briefing, or take the mark away."""
        found = self.entry(pk)
        on = self.sent(serializers.HighlightInput)["on"]
        return self.shown(actions.highlight_entry(entry=found, on=on, by=self.user))

    @extend_schema(request=serializers.MoveInput)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Put it in front of another entry of its register, or last."""
        found = self.entry(pk)
        before = self.sent(serializers.MoveInput)["before"]
        return self.shown(actions.move_entry(entry=found, before=before, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """Say that it still holds."""
        return self.shown(actions.review_entry(entry=self.entry(pk), by=self.user))

    @extend_schema(request=WhyInput)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take it out of the register, with a reason; it keeps its number."""
        found = self.entry(pk)
        why = self.sent(WhyInput)["why"]
        return self.shown(actions.retire_entry(entry=found, why=why, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Bring a retired entry back."""
        return self.shown(actions.restore_entry(entry=self.entry(pk), by=self.user))

    @extend_schema(request=serializers.RowsInput, responses=serializers.PlanSerializer)
    @action(detail=False, methods=["post"], filter_backends=(), pagination_class=None)
    def rows(self, request: Request) -> Response:
        """Add and change many entries at once, all or none; or say what the rows would do."""
        sent = self.sent(serializers.RowsInput)
        effort = policies.access_effort(self.user, sent["effort"], to=self.perm)
        register = _register(sent["register"])
        header, rows = _table(sent["rows"])
        plan = actions.plan_rows(effort, register, rows, header)
        if not sent["dry_run"]:
            plan = actions.take_in(
                effort=effort, register=register, rows=rows, header=header,
                digest=sent.get("digest") or plan.digest, by=self.user,
            )  # fmt: skip
        return Response(plan.as_dict())


def _register(key: str) -> Register:
    found = REGISTERS.get(key)
    if found is None:
        known = ", ".join(REGISTERS)
        raise Invalid({"register": f"There is no register “{key}”. There are: {known}."})
    return found


def _table(rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[SheetRow]]:
    """Rows by field as a table. What a row does not name is left as it stands; null empties."""
    header = list(dict.fromkeys(key for row in rows for key in row))
    return header, [
        SheetRow(place, tuple(_cell(key, row) for key in header))
        for place, row in enumerate(rows, start=1)
    ]


def _cell(key: str, row: Mapping[str, Any]) -> Any:
    if key not in row:
        return None
    value = row[key]
    if key == "highlight" and isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value
