import Messaging
import Testing

struct USSDTests {
    private func read(_ body: String) -> USSDRequest? { USSDRequest.read(FormData(body: Array(body.utf8))) }

    @Test(arguments: [
        ("", []), ("12345678", ["12345678"]), ("12345678*1", ["12345678", "1"]), ("1**2*", ["1", "", "2", ""]), ("*", ["", ""]),
    ])
    func readsTheInputsOfAStep(_ text: String, _ inputs: [String]) {
        let body = "sessionId=ATUid_1&serviceCode=*384*1234%23&phoneNumber=%2B27711234567&networkCode=65501&text=\(text)"
        #expect(read(body) == USSDRequest(sessionID: "ATUid_1", phone: "+27711234567", inputs: inputs))
    }

    @Test(arguments: ["Success", "Incomplete", "Failed"])
    func readsTheEndOfASession(_ status: String) {
        let body =
            "date=2026-07-18+12%3A00%3A00&sessionId=ATUid_1&serviceCode=*384%23&networkCode=65501&phoneNumber=%2B27711234567&status=\(status)"
            + "&cost=ZAR+0.1&durationInMillis=5210&hopsCount=2&input=12345678*1&lastAppResponse=END+Locked&errorMessage="
        #expect(
            read(body)
                == USSDRequest(
                    sessionID: "ATUid_1", phone: "+27711234567", inputs: ["12345678", "1"], isEnd: true))
    }

    @Test func anEndIsKnownWithoutItsStatusToo() {
        let end = read("sessionId=ATUid_1&phoneNumber=%2B27711234567&durationInMillis=5210&hopsCount=2&input=")
        #expect(end?.isEnd == true)
        #expect(end?.inputs == [])
    }

    @Test(arguments: [
        "", "sessionId=ATUid_1", "phoneNumber=%2B27711234567&text=1", "sessionId=&phoneNumber=%2B27711234567", "sessionId=1&phoneNumber=",
    ])
    func aFormWithoutSessionOrCallerIsNone(_ body: String) {
        #expect(read(body) == nil)
    }

    @Test func theFirstWordSaysWhetherItGoesOn() {
        #expect(USSDAnswer.proceed("Reference?").text == "CON Reference?")
        #expect(USSDAnswer.end("Locked.").text == "END Locked.")
    }

    /// What is shown of each text, without the first word.
    @Test(arguments: [
        (String(repeating: "a", count: 182), String(repeating: "a", count: 182)),
        (String(repeating: "a", count: 183), String(repeating: "a", count: 182)),
        // An escaped character takes two and is not cut.
        (String(repeating: "a", count: 180) + "€", String(repeating: "a", count: 180) + "€"),
        (String(repeating: "a", count: 181) + "€", String(repeating: "a", count: 181)),
        (String(repeating: "a", count: 181) + "\r\n", String(repeating: "a", count: 181)),
        (String(repeating: "अ", count: 92), String(repeating: "अ", count: 91)),
        (String(repeating: "🔒", count: 46), String(repeating: "🔒", count: 45)),
        // A flag and a family are one character each, of four and eleven units.
        (String(repeating: "🇿🇦", count: 23), String(repeating: "🇿🇦", count: 22)),
        (String(repeating: "a", count: 85) + "👩‍👩‍👧‍👦b", String(repeating: "a", count: 85)),
        (String(repeating: "a", count: 80) + "👩‍👩‍👧‍👦b", String(repeating: "a", count: 80) + "👩‍👩‍👧‍👦"),
        // What fits in UCS-2 is shown whole; of what does not, the part that needs no UCS-2 may be the longer one.
        (String(repeating: "a", count: 90) + "ê", String(repeating: "a", count: 90) + "ê"),
        (String(repeating: "a", count: 150) + "ê", String(repeating: "a", count: 150)),
        ("ê" + String(repeating: "a", count: 150), "ê" + String(repeating: "a", count: 90)), ("", ""),
    ])
    func isCutToTheScreenAndNeverInsideACharacter(_ text: String, _ shown: String) {
        #expect(USSDAnswer.end(text).text == "END " + shown)
        #expect(USSDAnswer.proceed(text).text == "CON " + shown)
    }
}
