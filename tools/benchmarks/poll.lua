-- wrk: signed polls that answer at once. Arguments after `--`: the file of sessions, whose terminals are asked in turn.
-- `after=0` names a revision that no terminal has, so that each answer is a newly signed lease.

local requests, at, nonce = {}, 0, 0

function init(arguments)
    for line in io.lines(arguments[1]) do
        local imei, channel, session = line:match("^(%S+) (%S+) (%S+)")
        requests[#requests + 1] = {
            "/v1/devices/" .. imei .. "/channels/" .. channel .. "/lock-state?after=0&nonce=",
            { ["Authorization"] = "Bearer " .. session, ["Prefer"] = "wait=110" },
        }
    end
end

function request()
    at = at % #requests + 1
    nonce = nonce + 1
    return wrk.format("GET", requests[at][1] .. nonce, requests[at][2])
end
