"""Beginnings of web pages whose repetition would keep a naive parser busy for minutes."""

MB = 1024 * 1024
MANY = 200_000

HOSTILE_PAGES = {
    # Trees that are deep, or have many open formatting elements.
    "nested blocks": "<div>",
    "nested formatting": "<b>",
    "formatting in paragraphs": "<p><b>",
    "formatting to reopen": "".join(f"<b a={n}><div>" for n in range(6000)) + "</b>" * 8000,
    "nested tables": "<table><td>",
    "nested lists": "<ul><li>",
    "nested drawings": "<svg><math>",
    "nested templates": "<template>",
    "nested links": "<a href=a.png>",
    "nested pictures": "<picture>",
    # Tags without an end, and tags with many attributes.
    "angle brackets": "<",
    "slashes": "</",
    "unclosed single quotes": "<img '",
    "unclosed double quotes": '<img "',
    "unclosed values": '<img a="',
    "alternating quotes": "<img a='\"",
    "unclosed tags": "<meta property=og:image content=",
    "a million attributes": "<img " + "a " * MB,
    "different attributes": "<img " + "".join(f"a{n}=1 " for n in range(MANY)) + ">",
    "tags with many attributes": "<img " + "".join(f"a{n} " for n in range(100)) + ">",
    "equals signs": "<img " + "=" * 2 * MB,
    "spaces around equals signs": "<img " + "a = " * MB,
    "spaces in a tag": "<img" + " " * 2 * MB,
    "spaces after names": "<img " + ("a" + " " * 100) * 20_000,
    # Comments, raw text and references.
    "unclosed comments": "<!--",
    "short comments": "<!-->",
    "nearly closed comments": "<!--" + "--!" * MB,
    "declarations": "<!a",
    "instructions": "<?a>",
    "unclosed scripts": "<script>",
    "scripts in comments": "<script><!--",
    "empty scripts": "<script></script>",
    "titles": "<title>",
    "nearly closed titles": "<title></titl",
    "text areas": "<textarea>a</textarea>",
    "references": "&amp;",
    "titles of references": "<title>&notit;" + "&amp" * MB,
    "ampersands in links": "<img src='" + "&copy" * 300_000,
    # Many links, and long ones.
    "images": "<img src=a>",
    "different images": "".join(f"<img src={n}>" for n in range(150_000)),
    "linked images": "<a href=b.png><img src=a></a>",
    "lazy images": "<img data-a-src=a.png data-b-src=b.png>",
    "metas": "<meta property=og:image content=a>",
    "links": "<link rel=image_src href=a>",
    "bases": "<base href=a>",
    "invalid hosts": "<img src=//\u00fc>",
    "sources": "<picture>" + "<source srcset='a 1w'>" * 90_000,
    "a long srcset": f"<img srcset='{'a 1x, ' * 300_000}'>",
    "long srcsets": f"<img srcset='{'a 1x, ' * 1500}'>",
    "unclosed srcsets": "<img srcset='a 1x, ",
    "a srcset of commas": f"<img srcset='{'a,' * MB}'>",
    "a srcset of spaces": f"<img srcset='{',' + ' ' * 2 * MB}'>",
    "a srcset of brackets": f"<img srcset='a {'(' * 2 * MB}'>",
    "a srcset with a long number": f"<img srcset='a {'9' * 2 * MB}x'>",
    "a long width": f"<img width='{' ' * 2 * MB}1'>",
    "a long path": f"<img src='{'a/../' * 400_000}'>",
    "paths": f"<img src='{'a/../' * 390}'>",
    "a long host": f"<img src='//{chr(252) * MB}/'>",
    "names of an attribute": f"<meta property='{'a ' * MB}' content=a>",
    # Normalizing a host takes time quadratic in its combining marks.
    **{
        f"combining marks in a host after “{start}”": (
            f"<meta property=og:image content='{start}a{chr(0x345) * 985}{chr(0x334) * 985}/'>"
        )
        for start in ("http://", "//", "")
    },
    # Linked data.
    "a deep list": "<script type=application/ld+json>" + "[" * 190_000 + "</script>",
    "deep dictionaries": "<script type=application/ld+json>" + '{"image":' * 20_000 + "</script>",
    "long lists": f"<script type=application/ld+json>[{'[],' * 66_000}[]]</script>",
    "many nodes": f"<script type=application/ld+json>[{'{},' * 66_000}{{}}]</script>",
    "many images": (f'<script type=application/ld+json>{{"image":[{"1," * 90_000}"a"]}}</script>'),
    "brackets": "<script type=application/ld+json>" + "]" * 199_000 + "</script>",
    # Texts.
    "a long title": f"<title>{'a - ' * 500_000}</title>",
    "separators": f"<title>{'-' * MB}{' |' * 500_000}</title>",
    "spaces in a title": f"<title>{' ' * 2 * MB}a</title>",
}
