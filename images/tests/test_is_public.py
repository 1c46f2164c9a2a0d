"""The rule for IP addresses on the public internet."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from images.fetching.addresses import is_public

# The same rule as a list of networks: IANA's special-purpose networks without its two public
# exceptions, and two networks of providers.
REFUSED_4 = [
    *"0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12".split(),
    *"192.0.0.0/29 192.0.0.8/32 192.0.0.11/32 192.0.0.12/30 192.0.0.16/28 192.0.0.32/27".split(),
    *"192.0.0.64/26 192.0.0.128/25 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16".split(),
    *"198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 168.63.129.16/32 224.0.0.0/3".split(),
]
REFUSED_6 = [
    *"::/3 2001:0::/23 2001:db8::/32 2002::/16 3fff::/20 4000::/2 8000::/1".split(),
]


def spans(networks: list[str]) -> list[tuple[int, int]]:
    """Return the first and the last address of each network as numbers."""
    return [(int(ip_network(name)[0]), int(ip_network(name)[-1])) for name in networks]


SPANS_4, SPANS_6 = spans(REFUSED_4), spans(REFUSED_6)


def expected_4(number: int) -> bool:
    return not any(first <= number <= last for first, last in SPANS_4)


def expected_6(number: int) -> bool:
    halves = f"{number:032x}"
    if halves.startswith("0" * 20 + "ffff"):
        return expected_4(int(halves[24:], 16))
    is_refused = any(first <= number <= last for first, last in SPANS_6)
    return not is_refused and halves[20:24] != "5efe"


def numbers(spans: list[tuple[int, int]], bits: int) -> st.SearchStrategy[int]:
    """Return any numbers, numbers inside the networks, and many at their edges."""
    top = 2**bits - 1
    return st.one_of(
        st.integers(0, top),
        st.sampled_from(spans).flatmap(lambda span: st.integers(*span)),
        st.builds(
            lambda edge, step: min(max(edge + step, 0), top),
            st.sampled_from([edge for span in spans for edge in span]),
            st.integers(-2, 2),
        ),
    )


@given(numbers(SPANS_4, 32))
def test_ipv4_addresses_follow_the_rule_also_when_mapped_into_ipv6(number: int) -> None:
    ip = IPv4Address(number)
    assert is_public(str(ip)) is expected_4(number)
    assert is_public(f"::ffff:{ip}") is expected_4(number)
    assert is_public(f"::FFFF:{number >> 16:x}:{number & 0xFFFF:x}") is expected_4(number)


@given(numbers(SPANS_6, 128), st.booleans())
@example(int(IPv6Address("2606:4700::5efe:8.8.8.8")), False)
@example(int(IPv6Address("2606:4700:5efe::1")), False)
def test_ipv6_addresses_follow_the_rule_in_each_notation(number: int, has_isatap: bool) -> None:
    if has_isatap:
        number = number & ~(0xFFFF << 32) | 0x5EFE << 32
    ip = IPv6Address(number)
    for notation in (str(ip), ip.exploded, ip.exploded.upper()):
        assert is_public(notation) is expected_6(number)


@given(st.sampled_from(REFUSED_4 + REFUSED_6))
def test_the_first_and_last_address_of_a_refused_network_are_not_public(network: str) -> None:
    assert not any(is_public(str(ip)) for ip in (ip_network(network)[0], ip_network(network)[-1]))


@pytest.mark.parametrize("ip", ["8.8.8.8", "192.0.0.9", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_recognized(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f.1", "010.8.8.8", "8.8.8.8/8"])
def test_a_text_that_is_not_an_ip_address_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not appear to be"):
        is_public(text)
