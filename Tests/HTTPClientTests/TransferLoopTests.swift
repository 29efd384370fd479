import Glibc
import HTTPClient
import Platform
import Synchronization
import Testing

@Suite struct TransferLoopTests {
    private func finish(_ loop: TransferLoop, _ count: Int) -> [TransferID: Result<HTTPClientResponse, HTTPClientError>] {
        var results: [TransferID: Result<HTTPClientResponse, HTTPClientError>] = [:]
        let deadline = Uptime.now() + .seconds(20)
        while results.count < count, Uptime.now() < deadline {
            for finished in loop.poll(extraFD: -1, timeout: .seconds(1)).finished { results[finished.id] = finished.result }
        }
        return results
    }

    @Test func keepsOneConnectionForTransfersOneAfterTheOther() throws {
        let server = RawServer { _ in .bytes(reply("200 OK", "yes")) }
        defer { server.stop() }
        let loop = TransferLoop()
        for _ in 0..<5 {
            let id = try loop.start(HTTPClientRequest(url: server.url))
            #expect(try finish(loop, 1)[id]?.get().body == Array("yes".utf8))
        }
        #expect(server.connections == 1)
    }

    /// curl sends a request again by itself when a kept connection ends without an answer, although the server may have taken it.
    @Test(arguments: [(true, 3), (false, 2)]) func sendsOnlyOnceWhatMustNotBeRepeated(_ mayBeRepeated: Bool, _ requests: Int) throws {
        let answered = Atomic<Int>(0)
        let server = RawServer { _ in answered.wrappingAdd(1, ordering: .relaxed).newValue == 2 ? .last("") : .bytes(reply("200 OK", "yes")) }
        defer { server.stop() }
        let loop = TransferLoop()
        let first = try loop.start(HTTPClientRequest(method: "POST", url: server.url, body: [1]))
        #expect(try finish(loop, 1)[first]?.get().status == 200)
        let second = try loop.start(HTTPClientRequest(method: "POST", url: server.url, body: [2], mayBeRepeated: mayBeRepeated))
        let result = finish(loop, 1)[second]
        #expect(server.requests.count == requests)
        if !mayBeRepeated {
            #expect(throws: HTTPClientError.self) { try result?.get() }
            if case .failure(let failure) = result { #expect(failure.mayHaveArrived) }
        }
    }

    @Test func tellsResultsOfTransfersAtTheSameTimeApart() throws {
        let server = RawServer { request in .bytes(reply("200 OK", String(request.dropFirst(5).prefix(1)))) }
        defer { server.stop() }
        let loop = TransferLoop()
        let ids = try (0..<4).map { try loop.start(HTTPClientRequest(url: "\(server.url)/\($0)")) }
        let results = finish(loop, 4)
        #expect(try ids.map { try results[$0]?.get().body } == ["0", "1", "2", "3"].map { Array($0.utf8) })
    }

    @Test func answersTheOtherDescriptorWhileATransferWaits() throws {
        let server = RawServer { _ in .silence }
        defer { server.stop() }
        let loop = TransferLoop()
        let wakeup = try Wakeup()
        let id = try loop.start(HTTPClientRequest(url: server.url))
        while server.requests.isEmpty { _ = loop.poll(extraFD: wakeup.descriptor, timeout: .milliseconds(5)) }
        for _ in 0..<100 {
            wakeup.wake()
            let (ready, finished) = loop.poll(extraFD: wakeup.descriptor, timeout: .seconds(20))
            #expect(ready && finished.isEmpty)
            #expect(try wakeup.taken())
        }
        #expect(loop.poll(extraFD: wakeup.descriptor, timeout: .zero).extraReady == false)
        loop.cancel(id)
        loop.cancel(id)
        #expect(loop.poll(extraFD: -1, timeout: .zero).finished.isEmpty)
    }

    @Test func endsATransferAtItsDeadlineThoughTheOtherDescriptorIsAlwaysReady() throws {
        let server = RawServer { _ in .silence }
        defer { server.stop() }
        let loop = TransferLoop()
        let wakeup = try Wakeup()
        wakeup.wake()
        let id = try loop.start(HTTPClientRequest(url: server.url, timeout: .milliseconds(50)))
        var finished: [TransferLoop.Finished] = []
        let deadline = Uptime.now() + .seconds(20)
        while finished.isEmpty, Uptime.now() < deadline { finished = loop.poll(extraFD: wakeup.descriptor, timeout: .seconds(1)).finished }
        #expect(finished.first?.id == id)
        #expect(throws: HTTPClientError.self) { try finished.first?.result.get() }
    }

    @Test func reconnectsWhenTheServerClosedBetweenTransfers() throws {
        let server = RawServer { _ in .last(reply("200 OK", "x")) }
        defer { server.stop() }
        let loop = TransferLoop()
        for _ in 0..<3 {
            let id = try loop.start(HTTPClientRequest(url: server.url))
            #expect(try finish(loop, 1)[id]?.get().status == 200)
        }
        #expect(server.connections == 3)
    }

    @Test func reportsFailureAsAResult() throws {
        let server = RawServer { _ in .silence }
        server.stop()
        let loop = TransferLoop()
        let id = try loop.start(HTTPClientRequest(url: server.url))
        let result = try #require(finish(loop, 1)[id])
        #expect(throws: HTTPClientError.self) { try result.get() }
    }

    @Test func refusesAtTheStartWhatCannotBeSent() {
        let loop = TransferLoop()
        #expect(throws: HTTPClientError.self) { try loop.start(HTTPClientRequest(url: "nonsense")) }
        #expect(loop.poll(extraFD: -1, timeout: .zero).finished.isEmpty)
    }

    @Test func waitsNoLongerThanToldWithoutTransfers() throws {
        let result = TransferLoop().poll(extraFD: -1, timeout: .milliseconds(1))
        #expect(!result.extraReady && result.finished.isEmpty)
    }

    @Test func goesAwayInTheMiddleOfATransfer() throws {
        let server = RawServer { _ in .silence }
        defer { server.stop() }
        let loop = TransferLoop()
        for _ in 0..<3 { _ = try loop.start(HTTPClientRequest(url: server.url)) }
        _ = loop.poll(extraFD: -1, timeout: .milliseconds(5))
    }
}
