import pytest

from portal.core.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("unix:", ""),
        ("", ""),
        ("999.1.1.1", ""),
        ("<script>", ""),
    ],
)
def test_the_part_that_names_one_machine_is_left_out(address, network):
    assert network_of(address) == network
