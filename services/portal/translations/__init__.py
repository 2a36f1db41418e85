"""What the screens say, by language and key. Both languages have every key; a test holds them to it."""

from services.portal.translations import en, zh_hans

MESSAGES = {"zh-Hans": zh_hans.MESSAGES, "en": en.MESSAGES}
