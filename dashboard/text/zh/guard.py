"""Words for whoever is not let in, and for the page that asks for the passcode."""

WORDS = {
    "too_often": "此地址的请求过多，请在 {seconds} 秒后再试。",
    "of_address": "此地址打开的连接数已达上限，请关闭一些页面后再试。",
    "in_all": "服务器的连接已满，请一分钟后再试。",
    "long_url": "网址最多 {most} 个字符。",
    "long_headers": "请求头最多 {most} 字节。",
    "long_body": "请求内容最多 {most} 字节。",
    "no_host": "请求须用一个 Host 头说明要访问哪台服务器。",
    "host": "服务器不以 {name} 这个名称提供服务。管理员可以允许这个名称：{variable}={name}",
    "method": "此处不接受 {method} 请求。",
    "passcode": "此处需要口令：请用浏览器打开本站任一页面并输入口令。",
    "passcode_why": "这个实验室供课堂使用。请输入老师给的口令。",
    "passcode_label": "口令",
    "passcode_enter": "进入",
    "passcode_wrong": "口令不对。",
    "passcode_too_often": "输错的次数过多，请在 {seconds} 秒后再试。",
}
