"""Words of the links to a page's numbers."""

WORDS = {
    "links": "本页的数据",
    "colon": "：",
    "help": "供脚本和电子表格使用：带有本页设置的独立地址；它不会开始任何训练，数据未齐时返回 202。",
}
