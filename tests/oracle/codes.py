"""Check digits and shapes of codes, from the standards named in forms.json under `validators`."""
import re

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def uscc18_digit(first17):
    """GB 32100-2015: weights are the powers of 3 modulo 31."""
    total = sum(USCC.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return USCC[(31 - total % 31) % 31]


def orgcode9_digit(first8):
    """GB 11714-1997."""
    total = sum(ORGANISATION.index(c) * w for c, w in zip(first8, (3, 7, 9, 10, 5, 8, 4, 2)))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def regno_digit(first14):
    """GS 15-2006: ISO 7064 MOD 11,10."""
    p = 10
    for c in first14:
        s = (p + int(c)) % 10 or 10
        p = 2 * s % 11
    return str((11 - p) % 10)


def uscc18(text):
    return (len(text) == 18 and all(c in USCC for c in text) and text[2:8].isdecimal()
            and uscc18_digit(text[:17]) == text[17])


def orgcode9(text):
    match = re.fullmatch(r"([0-9A-Z]{8})-?([0-9X])", text)
    return bool(match) and orgcode9_digit(match.group(1)) == match.group(2)


def regno(text):
    if not re.fullmatch(r"[0-9]{13}|[0-9]{15}", text):
        return False
    return len(text) == 13 or regno_digit(text[:14]) == text[14]


def phone(text):
    return bool(re.fullmatch(r"[0-9+-]{7,20}", text))


def division(text):
    return bool(re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", text))


def gbt4754(text):
    return bool(re.fullmatch(r"[A-Z]|[A-Z]?[0-9]{2,4}", text))


CHECKS = {"uscc18": uscc18, "orgcode9": orgcode9, "regno": regno, "phone": phone,
          "division": division, "gbt4754": gbt4754}
