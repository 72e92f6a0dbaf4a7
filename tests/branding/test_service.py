"""A look is saved as versions; whoever comes second is told, and nothing is lost."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry, Builder
from portal.branding import queries, service
from portal.branding.look import Link, Look
from portal.branding.service import ChangedMeanwhile, NoSuchVersion
from portal.foundation.tenancy import see
from tests.fixtures.world import NOW


@pytest.fixture
def own(session, world):
    """What the owner's session sees."""
    see(session, world.acme.id)
    return session


def test_everybody_has_a_look_before_anything_is_edited(own, world):
    assert service.current(own, world.acme.id) == service.Saved(0, Look())


def test_what_is_saved_is_read_again(own, world):
    look = Look(name="Acme", primary="#b4532a", links=(Link("Terms", "https://acme.example/t"),))
    service.save(own, world.acme.id, look, seen=0, by=world.owner, at=NOW)
    own.commit()
    saved = service.current(own, world.acme.id)
    assert (saved.version, saved.look, saved.by_name) == (1, look, world.owner.name)


def test_contact_details_stand_with_the_builder(own, world):
    look = Look(contact_phone="+1 555 0100")
    service.save(own, world.acme.id, look, seen=0, by=world.owner, at=NOW)
    assert own.get(Builder, world.acme.id).contact_phone == "+1 555 0100"
    own.get(Builder, world.acme.id).contact_phone = "+1 555 0199"
    own.flush()
    assert service.current(own, world.acme.id).look.contact_phone == "+1 555 0199"


def test_saving_what_holds_makes_no_version(own, world):
    assert service.save(own, world.acme.id, Look(), seen=0, by=world.owner, at=NOW).version == 0
    assert queries.versions(own, world.acme.id, 9) == []


def test_the_second_is_told_field_by_field(own, world):
    first, second = Look(name="First", footer="Same"), Look(name="Second", welcome_en="Hello")
    service.save(own, world.acme.id, first, seen=0, by=world.owner, at=NOW)
    own.commit()
    with pytest.raises(ChangedMeanwhile) as told:
        service.save(own, world.acme.id, second, seen=0, by=world.pm, at=NOW)
    found = service.differences(own, world.acme.id, second, told.value.saved, told.value.seen)
    assert [(one.field, one.saved, one.typed, one.typed_anew) for one in found] == [
        ("name", "First", "Second", True),
        ("welcome_en", "", "Hello", True),
        ("footer", "Same", "", False),
    ]
    assert service.current(own, world.acme.id).look == first


def test_at_the_very_same_time_one_of_them_is_second(own, runtime, world):
    """Both have read the same version before either writes."""
    service.save(own, world.acme.id, Look(name="One"), seen=0, by=world.owner, at=NOW)
    own.commit()
    assert queries.brand_of(own, world.acme.id).version == 1
    with runtime.writers.begin() as other:
        see(other, world.acme.id)
        service.save(other, world.acme.id, Look(name="Two"), seen=1, by=world.pm, at=NOW)
    own.rollback()
    with pytest.raises(ChangedMeanwhile) as told:
        service.save(own, world.acme.id, Look(name="Three"), seen=1, by=world.owner, at=NOW)
    assert told.value.saved.look.name == "Two"


def test_every_version_comes_back_even_the_first(own, world):
    one, two = Look(name="One"), Look(name="Two", contact_hours="always")
    service.save(own, world.acme.id, one, seen=0, by=world.owner, at=NOW)
    service.save(own, world.acme.id, two, seen=1, by=world.owner, at=NOW)
    service.restore(own, world.acme.id, 1, seen=2, by=world.owner, at=NOW)
    assert service.current(own, world.acme.id).look == one
    service.restore(own, world.acme.id, 0, seen=3, by=world.owner, at=NOW)
    assert service.current(own, world.acme.id).look == Look()
    kept = queries.versions(own, world.acme.id, 9)
    assert [(row.number, row.restored) for row in kept] == [
        (4, 0),
        (3, 1),
        (2, None),
        (1, None),
        (0, None),
    ]
    with pytest.raises(NoSuchVersion):
        service.restore(own, world.acme.id, 77, seen=4, by=world.owner, at=NOW)
    with pytest.raises(ChangedMeanwhile):
        service.restore(own, world.acme.id, 1, seen=2, by=world.owner, at=NOW)


def test_another_builders_version_is_none(own, session, world):
    service.save(own, world.acme.id, Look(name="Acme"), seen=0, by=world.owner, at=NOW)
    own.commit()
    see(session, world.birch.id)
    assert queries.version(session, world.acme.id, 1) is None


def test_it_stands_in_the_audit_log(own, world):
    service.save(own, world.acme.id, Look(name="Acme"), seen=0, by=world.owner, at=NOW)
    [entry] = own.scalars(select(AuditEntry)).all()
    assert (entry.act, entry.facts) == ("brand.changed", {"fields": ["name"], "version": 1})
    service.restore(own, world.acme.id, 0, seen=1, by=world.owner, at=NOW)
    acts = own.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["brand.changed", "brand.restored"]


def test_what_an_older_version_did_not_know_has_its_default():
    assert Look.from_json({"name": "Acme", "gone": 1}) == replace(Look(), name="Acme")
