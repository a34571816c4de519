import pytest

from salyq.cli.language import locale_language, wanted_language


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "kk_KZ.UTF-8"}, "kk"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru"}, "ru"),
        ({"LANG": "kk@arabic"}, "kk"),
        ({"LANG": "ru-KZ"}, "ru"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "rumba"}, "en"),
        ({"LC_ALL": "C", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LC_ALL": "POSIX", "LC_MESSAGES": "kk_KZ"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "kk_KZ", "LANG": "ru_RU"}, "kk"),
        ({"LC_ALL": "ru_RU", "LC_MESSAGES": "kk_KZ"}, "ru"),
    ],
)
def test_locale(environ, lang):
    assert locale_language(environ) == lang


@pytest.mark.parametrize(
    ("args", "lang"),
    [
        (["assess", "--lang", "kk"], "kk"),
        (["--lang=ru", "assess"], "ru"),
        (["--help", "--lang", "ru"], "ru"),
        (["--lang", "xx"], "en"),
        (["--lang"], "en"),
        (["assess", "--", "--lang", "kk"], "en"),
    ],
)
def test_option_wins_over_locale(args, lang):
    assert wanted_language(args, {"LANG": "C"}) == lang
