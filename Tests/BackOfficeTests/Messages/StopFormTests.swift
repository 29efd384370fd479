import TestSupport
import Testing
import Wire

/// The command as people write it, through the webhook, and the answer in their language.
@Suite struct StopFormTests {
    private typealias Form = @Sendable (_ reference: String) -> String

    /// The reference with its digits from another place in Unicode.
    private static func digits(_ reference: String, from zero: UInt32) -> String {
        var text = ""
        for byte in reference.utf8 { text.unicodeScalars.append(Unicode.Scalar(zero + UInt32(byte - 0x30))!) }
        return text
    }

    /// What is written, and whether the answer teaches the form.
    private static let forms: [(form: Form, isTaught: Bool)] = [
        ({ "Stop \($0)" }, false), ({ "STOP \($0)" }, false), ({ "stop \($0)" }, false), ({ "sToP \($0)" }, false), ({ "  Stop \($0)\n" }, false),
        ({ "Lock \($0)" }, false), ({ "Stop  \($0)" }, true), ({ "Stop \($0)." }, true), ({ "Stop\n\($0)" }, true), ({ "Stop: \($0)" }, true),
        ({ "stop\($0)" }, true), ({ "“Stop” \($0)" }, true), ({ "‘stop \($0)’!" }, true), ({ "\($0) stop" }, true),
        ({ "Stop\u{200B} \($0)" }, true), ({ "Stop\u{A0}\($0)" }, true), ({ "\u{202A}Stop \($0)\u{202C}" }, true), ({ "Stop-\($0)" }, true),
        ({ "*Stop* \($0) \u{1F64F}" }, true), ({ "Stop \($0.prefix(4)) \($0.suffix(4))" }, true), ({ "ＳＴＯＰ \(digits($0, from: 0xFF10))" }, true),
        ({ "Stop \(digits($0, from: 0x660))" }, true), ({ "Stop \(digits($0, from: 0x6F0))" }, true), ({ "रोको \(digits($0, from: 0x966))" }, true),
        ({ "Stop \(digits($0, from: 0xAE6))" }, true), ({ "रोको \($0)" }, false), ({ "Misa \($0)" }, false), ({ "VALA \($0)" }, false),
        ({ "Parar \($0)" }, false), ({ "\($0), stop!" }, true),
    ]

    @Test(arguments: forms.indices) func locksByEveryForm(_ index: Int) throws {
        let office = try WhatsAppOffice.shared
        let vendor = try office.newVendor()
        let text = Self.forms[index].form(vendor.reference)
        try office.say(text, from: .phone(vendor.phone))
        #expect(try office.holds(on: vendor.reference).count == 1, "\(text)")
        try office.settle(vendor.phone)
        let answer = try #require(office.texts(to: vendor.phone).first)
        #expect(answer.contains("Next time, send only: Stop \(vendor.reference)") == Self.forms[index].isTaught, "\(text): \(answer)")
        #expect(office.texts(to: vendor.phone).count == 1)
    }

    @Test func takesAReferenceOfLettersAndDigitsInAnyCase() throws {
        let office = try WhatsAppOffice.shared
        let reference = try office.account(Names.reference())
        try office.say("stop \(reference.lowercased())")
        #expect(try office.holds(on: reference).count == 1)
    }

    @Test func takesATextOfTheGreatestLengthForNoCommand() throws {
        let office = try WhatsAppOffice.shared
        let vendor = try office.newVendor()
        try office.say("Stop \(vendor.reference) " + String(repeating: "please ", count: 10_000), from: .phone(vendor.phone))
        #expect(try office.holds(on: vendor.reference).isEmpty)
    }

    // MARK: Languages

    @Test(arguments: [
        ("en", "Wallet {ref} has been locked since ", "This account is locked. Call support to have it opened again."),
        ("zu", "Isikhwama {ref} sikhiyiwe kusukela ngo-", "Le akhawunti ikhiyiwe. Shayela abosizo ukuze ivulwe futhi."),
        ("hi", "वॉलेट {ref} ", "यह खाता लॉक है। इसे फिर खुलवाने के लिए सहायता केंद्र को फ़ोन करें।"),
    ])
    func speaksTheAccountsLanguage(_ language: String, _ beginning: String, _ sentence: String) throws {
        let office = try WhatsAppOffice()
        let vendor = try office.newVendor(language: language)
        let terminal = try TestTerminal.connected(office.api, account: vendor.reference)
        // In English words: the account's language decides.
        try office.say("Stop \(vendor.reference)", from: .phone(vendor.phone))
        let lease = try terminal.poll(after: 0)
        #expect(lease.msg == sentence)
        let parked = try terminal.startPoll(after: lease.rev)
        try office.graph.waitFor(count: 1)
        let answer = try #require(office.texts(to: vendor.phone).first)
        #expect(answer.hasPrefix(beginning.replacing("{ref}", with: vendor.reference)), "\(answer)")
        #expect(answer.contains("…" + terminal.imei.suffix(4)))
        #expect(language == "en" || !answer.contains("Wallet") && !answer.contains("Terminal ") && !answer.contains("staff"), "\(answer)")
        #expect(!parked.connection.hasNews())
    }

    @Test func answersAStrangerInTheLanguageOfTheWord() throws {
        let office = try WhatsAppOffice()
        try office.say("Misa 99999999", from: "27820000001")
        try office.say("रोको 99999999", from: "27820000002")
        try office.settle()
        #expect(office.texts(to: "27820000001").first?.hasPrefix("Le nombolo nale nkomba yesikhwama akuhambisani.") == true)
        #expect(office.texts(to: "27820000002").first?.hasPrefix("यह नंबर और यह वॉलेट संदर्भ आपस में मेल नहीं खाते।") == true)
    }

    /// The language of the wallet that was named would tell a stranger that there is one.
    @Test func doesNotTellAWalletByItsLanguage() throws {
        let office = try WhatsAppOffice()
        try office.account("12345678", language: "zu")
        try office.say("Stop 12345678", from: WhatsAppOffice.stranger)
        try office.settle()
        #expect(office.texts(to: "27829999999") == [WhatsAppOffice.refusal])
    }

    @Test func hintsInTheSendersLanguage() throws {
        let office = try WhatsAppOffice()
        try office.account(language: "zu")
        try office.send([.media("image", from: WhatsAppOffice.vendor)])
        try office.settle()
        #expect(office.texts().first?.hasPrefix("Ukuze ukhiye umshini wakho, thumela u-Stop") == true)
    }

    @Test func speaksALanguageThatStaffHaveChanged() throws {
        let office = try WhatsAppOffice()
        try office.account()
        try office.api.must(200, "PATCH", "/v1/accounts/12345678", #"{"language":"zu"}"#)
        try office.say("Stop 12345678")
        try office.settle()
        #expect(office.texts().first?.hasPrefix("Isikhwama 12345678") == true)
    }
}
