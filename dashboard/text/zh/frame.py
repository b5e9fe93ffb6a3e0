"""Words of the frame around every page."""

WORDS = {
    "pages": "页面",
    "skip": "跳到正文",
    "more": "更多",
    "controls": "控件",
    "present": "演示",
    "present_help": "用于投影：字更大、线更粗，控件收起。",
}
