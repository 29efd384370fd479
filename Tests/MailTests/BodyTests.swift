import FoundationEssentials
import Mail
import Testing
import Wire

struct BodyTests {
    private func body(_ header: String, _ text: String) throws -> Message { try read("From: a@example.org\n\(header)\n\n\(text)") }

    private static let decodesCases: [(String, String, String)] = [
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", "caf=C3=A9 =\nau lait=20", "café au lait"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: BASE64", "Y2Fmw6k=", "café"),
        ("Content-Transfer-Encoding: base64", "Y2Fm\nw6k=\n!!!", "café"), ("Content-Type: text/plain; charset=windows-1252", "plain", "plain"),
        ("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable", "=80 caf=E9", "€ café"),
        ("Content-Type: text/plain; charset=iso-8859-15\nContent-Transfer-Encoding: quoted-printable", "=A4", "€"),
        ("Content-Type: text/plain; charset=x-unknown\nContent-Transfer-Encoding: quoted-printable", "caf=C3=A9", "café"),
        ("Content-Type: text/plain; charset=x-unknown\nContent-Transfer-Encoding: quoted-printable", "caf=E9", "café"),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable", "caf=E9", "café"),
        ("Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: quoted-printable", "=D0=D2=C9=D7=C5=D4", "привет"),
        ("Content-Type: text/plain; charset=shift_jis\nContent-Transfer-Encoding: base64", "k/qWew==", "日本"),
        ("Content-Type: text/plain; charset=utf-16be\nContent-Transfer-Encoding: base64", "AGEAYg==", "ab"),
        ("Content-Type: text/plain; charset=euc-jp\nContent-Transfer-Encoding: quoted-printable", "a=FF=FFb=C6", "a\u{FFFD}\u{FFFD}b\u{FFFD}"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", "a=FFb=00c=07", "a\u{FFFD}bc"),
        ("Content-Type: text\nContent-Transfer-Encoding: x-nobody", "as it is =C3", "as it is =C3"), ("Content-Type: text/plain; charset", "x", "x"),
        ("Content-Type: nonsense", "x", "x"), ("Content-Type: multipart/mixed", "no boundary", "no boundary"),
        ("Content-Type: multipart/mixed; boundary=b", "never comes", "never comes"), ("X: y", "", ""), ("X: y", "\n\n  a\n\n", "  a"),
    ]

    @Test(arguments: decodesCases)
    func decodes(_ header: String, _ text: String, _ expected: String) throws {
        #expect(try body(header, text).text == expected)
    }

    private static let alternative = """
        before
        --b
        Content-Type: text/html

        <p>rich</p>
        --b
        Content-Type: text/plain

        plain
        --b--
        after
        """

    @Test func ofAlternativesThePlainOneIsTaken() throws {
        #expect(try body("Content-Type: multipart/alternative; boundary=b", Self.alternative).text == "plain")
        #expect(
            try body("Content-Type: multipart/alternative; boundary=\"b\"", Self.alternative.replacing("plain\n--", with: " \n--")).text == "rich")
    }

    @Test func textsOfAMixedMessageAreOneAfterAnother() throws {
        let text = """
            --b
            Content-Type: multipart/alternative; boundary=c

            --c

            first
            --c
            Content-Type: text/html

            <b>first</b>
            --c--

            --b
            Content-Type: image/png; name=a.png
            Content-Transfer-Encoding: base64

            AAAAAAAA
            --b
            Content-Type: text/plain

            second
            --b
            Content-Type: text/plain
            Content-Disposition: attachment; filename*=utf-8''caf%C3%A9.txt

            VL-9 in a file
            --b
            Content-Type: message/rfc822

            From: x@example.org

            VL-10 in a message
            --bb

            no part
            --b--
            """
        let message = try body("Content-Type: multipart/mixed; boundary=b", text)
        #expect(message.text == "first\n\nsecond")
        #expect(message.attachments.map(\.name) == ["a.png", "café.txt", nil])
        #expect(message.attachments.map(\.type) == ["image/png", "text/plain", "message/rfc822"])
        #expect(message.attachments.first?.byteCount == 6)
        #expect(message.tickets.isEmpty)
    }

    @Test func aMessageThatIsAFileHasNoText() throws {
        let message = try body("Content-Type: application/pdf; name=\"../../x\u{7}.pdf\"\nContent-Transfer-Encoding: base64", "AAAA")
        #expect(message.text.isEmpty)
        #expect(message.attachments.map(\.byteCount) == [3])
        #expect(message.attachments.first?.name?.contains("\u{7}") == false)
    }

    private static let readsHTMLCases: [(String, String)] = [
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree"),
        ("a &amp; b &lt;c&gt; &eacute;&#233;&#xE9;&nbsp;&euro; &unknown; &", "a & b <c> ééé € &unknown; &"),
        ("<style>p { }</style><script>if (a < b) {}</script><title>t</title>x", "x"), ("<!-- <p>no</p> -->yes", "yes"),
        ("a < b and 1<2", "a < b and 1<2"),
        ("<div title=\"a > b\">x</div>", "x"), ("<a href='x'>y</a", "y</a"), ("<p", "<p"), ("<script>x", "x"), ("<!-- x", "<!-- x"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"), ("  a \n\n  b\t", "a b"), ("<pre>a\n  b</pre>", "a\n  b"),
        ("&#0;&#1114112;&#xD800;", "\u{FFFD}\u{FFFD}\u{FFFD}"), ("<P>It<B>'s</B></P>", "It's"), ("<p>don't <a title='it's'>x</a></p>", "don't x"),
        ("a<br><br><br><br>b", "a\n\nb"), ("Stop<br/>12345678", "Stop\n12345678"),
    ]

    @Test(arguments: readsHTMLCases)
    func readsHTML(_ page: String, _ text: String) throws {
        #expect(try body("Content-Type: text/html; charset=utf-8", page).text == text)
    }

    @Test func aBlockquoteIsQuoted() throws {
        let message = try body(
            "Content-Type: text/html",
            "<div>Yes, VL-7</div><div>On 18 July 2026 Locks wrote:<br></div><blockquote><div>no, VL-8</div><p>x</p></blockquote><div>Regards</div>")
        #expect(message.text == "Yes, VL-7\nRegards")
        #expect(message.quoted.contains("> no, VL-8"))
        #expect(message.tickets.map(\.number) == [7])
    }

    private static let cutsOffWhatIsQuotedCases: [(String, String, String)] = [
        ("new\n> old\n>> older\nmore", "new\nmore", "> old\n>> older"),
        ("new\n\n-----Original Message-----\nFrom: x\nold", "new", "-----Original Message-----\nFrom: x\nold"),
        ("new\n\n-------- Oorspronklike boodskap --------\nold", "new", "-------- Oorspronklike boodskap --------\nold"),
        (
            "new\n\nOn Sat, 18 Jul 2026 at 12:00, Locks <l@example.com> wrote:\nold", "new",
            "On Sat, 18 Jul 2026 at 12:00, Locks <l@example.com> wrote:\nold"
        ),
        (
            "On Sat, 18 Jul 2026 at 12:00, Locks\n<l@example.com> wrote:\n\n> old\n\nnew", "new",
            "On Sat, 18 Jul 2026 at 12:00, Locks\n<l@example.com> wrote:\n> old"
        ),
        (
            "nuwe\nOp Sa. 18 Jul. 2026 om 12:00 het Locks <l@example.com> geskryf:\nou", "nuwe",
            "Op Sa. 18 Jul. 2026 om 12:00 het Locks <l@example.com> geskryf:\nou"
        ),
        ("neu\nAm 18.07.2026 um 12:00 schrieb Locks:\nalt", "neu", "Am 18.07.2026 um 12:00 schrieb Locks:\nalt"),
        ("new\n\nFrom: Locks\nSent: Saturday\nTo: me\nSubject: x\n\nold", "new", "From: Locks\nSent: Saturday\nTo: me\nSubject: x\n\nold"),
        ("On 17 July I wrote to you:\nplease open it", "On 17 July I wrote to you:\nplease open it", ""),
        ("On Monday I wrote:\nplease open it", "On Monday I wrote:\nplease open it", ""),
        ("From: my shop\nto: the new one", "From: my shop\nto: the new one", ""),
        ("-- \nA Vendor", "-- \nA Vendor", ""), ("---\n-----", "---\n-----", ""), ("a > b", "a > b", ""), ("> all", "", "> all"), ("", "", ""),
    ]

    @Test(arguments: cutsOffWhatIsQuotedCases)
    func cutsOffWhatIsQuoted(_ text: String, _ own: String, _ quoted: String) throws {
        let message = try body("Content-Type: text/plain", text)
        #expect(message.text == own)
        #expect(message.quoted == quoted)
    }

    @Test func cutsALongText() throws {
        let message = try body(
            "Content-Type: text/plain", String(repeating: "word ", count: 10_000) + "\n" + String(repeating: "> word\n", count: 10_000))
        #expect(message.text.unicodeScalars.count == 20_000)
        #expect(message.quoted.unicodeScalars.count == 20_000)
        #expect(message.isCut)
    }
}
