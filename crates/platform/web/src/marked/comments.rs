//! Comments as the format keeps them: their texts, and a drawing of the notes beside it.

use kernel::finding::cell_name;

use super::Marks;
use super::tag::escaped;

/// The texts.
pub(super) fn texts(marks: &Marks) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <authors><author>Xingcun</author></authors><commentList>",
    );
    for ((row, column), text) in marks {
        let (name, text) = (cell_name(*column, *row), escaped(text));
        xml.push_str(&format!(
            "<comment ref=\"{name}\" authorId=\"0\"><text><t xml:space=\"preserve\">{text}</t>\
             </text></comment>"
        ));
    }
    xml.push_str("</commentList></comments>");
    xml
}

/// The drawing: a hidden note at each cell, shown where the pointer rests.
pub(super) fn drawing(marks: &Marks) -> String {
    let mut xml = String::from(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" \
         xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\
         <v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
         path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/>\
         <v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>",
    );
    for (number, (row, column)) in (1025_u32..).zip(marks.keys()) {
        let (row, column) = (row - 1, column - 1);
        xml.push_str(&format!(
            "<v:shape id=\"_x0000_s{number}\" type=\"#_x0000_t202\" \
             style=\"position:absolute;width:220pt;height:70pt;visibility:hidden\" \
             fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/>\
             <v:shadow color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
             <v:textbox/><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
             <x:Anchor>{}, 15, {row}, 2, {}, 15, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
             <x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
            column + 1,
            column + 4,
            row + 4,
        ));
    }
    xml.push_str("</xml>");
    xml
}
