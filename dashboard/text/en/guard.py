"""Words for whoever is not let in, and for the page that asks for the passcode."""

WORDS = {
    "too_often": "Too many requests from this address. Try again in {seconds} s.",
    "of_address": "This address has as many connections open as it may have. Close some pages and try again.",
    "in_all": "As many connections are open as this server has places for. Try again in a minute.",
    "long_url": "The address must have at most {most} characters.",
    "long_headers": "The headers of a request must have at most {most} bytes.",
    "long_body": "The body of a request must have at most {most} bytes.",
    "no_host": "A request must say in one Host header which server it is for.",
    "host": "This server does not answer to the name {name}. Whoever runs it can allow the name: {variable}={name}",
    "method": "{method} is not answered here.",
    "passcode": "The passcode is needed here: open a page of this address in a browser and enter it.",
    "passcode_why": "This laboratory is for a class. The passcode is the one that your teacher gave you.",
    "passcode_label": "Passcode",
    "passcode_enter": "Enter",
    "passcode_wrong": "That is not the passcode.",
    "passcode_too_often": "Too many wrong tries. Try again in {seconds} s.",
}
