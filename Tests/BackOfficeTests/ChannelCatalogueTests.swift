import TestSupport
import Testing
import Wire

/// The catalogue is data: an operator adds a channel without a new build.
@Suite struct ChannelCatalogueTests {
    private let server: InProcess
    private var api: API { server.api }

    init() throws { server = try InProcess() }

    @Test func startsWithTheEightOfTheContract() throws {
        let codes = try api.must(200, "GET", "/v1/channels")["channels"].strings
        #expect(
            codes.sorted() == [
                "KazAndroid", "KazTimpaPro", "KazTimpaX", "KazangAndroid2", "KazangMobi", "KazangMobi2", "KazangPOS", "KazangStore",
            ])
    }

    @Test func aChannelThatIsAddedCanBeUsedAtOnceAndIsOnTheRecord() throws {
        #expect(try api.post("/v1/accounts", #"{"reference":"ACC-NEW1","owner":{"name":"A"},"locked_channels":["KazFuture"]}"#).status == 400)
        #expect(try api.must(201, "POST", "/v1/channels", #"{"code":"KazFuture"}"#)["channels"].strings.contains("KazFuture"))
        try api.addAccount("ACC-NEW1", channels: ["KazFuture"])
        #expect(try api.must(200, "GET", "/v1/notes")["notes"][0]["kind"].string == "channel_added")
    }

    @Test(arguments: [(#"{"code":"kaztimpapro"}"#, 409, "channel_exists"), (#"{"code":"Kaz Future"}"#, 400, "unknown_channel")])
    func refusesWhatIsThereOrIsNoCode(_ body: String, _ status: Int, _ code: String) throws {
        let reply = try api.post("/v1/channels", body)
        #expect(reply.status == status && reply.json["code"].string == code)
    }
}
