"""An office file that says more than it shows."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Kim Analyst</dc:creator>'
    "<cp:lastModifiedBy>Lee Chief</cp:lastModifiedBy></cp:coreProperties>"
)
TEXT = (
    f'<w:document xmlns:w="{W}"><w:p><w:ins w:author="Choi Editor" w:date="2026-11-01T00:00:00Z">'
    "<w:r/></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret aside</w:t></w:r></w:p></w:document>"
)


def archive(**parts: str | bytes) -> bytes:
    paper = io.BytesIO()
    with zipfile.ZipFile(paper, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return paper.getvalue()


def docx(**more: str | bytes) -> bytes:
    return archive(
        **{"docProps__core_DOT_xml": CORE, "word__document_DOT_xml": TEXT, **more},
    )
