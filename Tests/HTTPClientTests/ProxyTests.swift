import Glibc
import HTTPClient
import Testing

@Suite struct ProxyTests {
    @Test func ignoresAProxyOfTheEnvironment() throws {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        setenv("all_proxy", "http://127.0.0.1:1", 1)
        defer {
            unsetenv("http_proxy")
            unsetenv("all_proxy")
        }
        let server = RawServer { _ in .bytes(reply()) }
        defer { server.stop() }
        #expect(try HTTPExchange.perform(HTTPClientRequest(url: server.url)).status == 200)
    }
}
