#include "protocols/fins/codes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace ot::protocols::fins {
namespace {

struct Meaning {
  std::uint16_t code;
  std::string_view text;
};

/// W342, pages 162 and on.
constexpr std::array kEndCodes = {
    Meaning{0x0001, "service cancelled"},
    Meaning{0x0101, "local node not in the network"},
    Meaning{0x0102, "token timeout"},
    Meaning{0x0103, "retries failed"},
    Meaning{0x0104, "too many send frames"},
    Meaning{0x0105, "node address out of range"},
    Meaning{0x0106, "node address duplicated"},
    Meaning{0x0201, "destination node not in the network"},
    Meaning{0x0202, "unit missing"},
    Meaning{0x0203, "third node missing"},
    Meaning{0x0204, "destination node busy"},
    Meaning{0x0205, "response timeout"},
    Meaning{0x0301, "communications controller error"},
    Meaning{0x0302, "CPU unit error"},
    Meaning{0x0303, "controller error"},
    Meaning{0x0304, "unit number error"},
    Meaning{0x0401, "undefined command"},
    Meaning{0x0402, "not supported by this model or version"},
    Meaning{0x0501, "destination not in the routing tables"},
    Meaning{0x0502, "no routing tables"},
    Meaning{0x0503, "routing table error"},
    Meaning{0x0504, "too many relays"},
    Meaning{0x1001, "command too long"},
    Meaning{0x1002, "command too short"},
    Meaning{0x1003, "number of elements and data do not match"},
    Meaning{0x1004, "command format error"},
    Meaning{0x1005, "header error"},
    Meaning{0x1101, "area classification missing"},
    Meaning{0x1102, "access size error"},
    Meaning{0x1103, "first address out of range"},
    Meaning{0x1104, "last address out of range"},
    Meaning{0x1106, "program missing"},
    Meaning{0x1109, "relational error"},
    Meaning{0x110A, "duplicate data access"},
    Meaning{0x110B, "response too long"},
    Meaning{0x110C, "parameter error"},
    Meaning{0x2002, "read not possible: protected"},
    Meaning{0x2003, "read not possible: table missing"},
    Meaning{0x2004, "read not possible: data missing"},
    Meaning{0x2005, "read not possible: program missing"},
    Meaning{0x2006, "read not possible: file missing"},
    Meaning{0x2007, "read not possible: data mismatch"},
    Meaning{0x2101, "read-only"},
    Meaning{0x2102, "write not possible: protected"},
    Meaning{0x2103, "cannot register"},
    Meaning{0x2105, "write not possible: program missing"},
    Meaning{0x2106, "write not possible: file missing"},
    Meaning{0x2107, "file name already exists"},
    Meaning{0x2108, "cannot change"},
    Meaning{0x2201, "not possible during execution"},
    Meaning{0x2202, "not possible while running"},
    Meaning{0x2203, "not possible in PROGRAM mode"},
    Meaning{0x2204, "not possible in DEBUG mode"},
    Meaning{0x2205, "not possible in MONITOR mode"},
    Meaning{0x2206, "not possible in RUN mode"},
    Meaning{0x2207, "not the polling node"},
    Meaning{0x2208, "step cannot be executed"},
    Meaning{0x2301, "file device missing"},
    Meaning{0x2302, "memory missing"},
    Meaning{0x2303, "clock missing"},
    Meaning{0x2401, "data link table missing"},
    Meaning{0x2502, "memory parity or checksum error"},
    Meaning{0x2503, "I/O setting error"},
    Meaning{0x2504, "too many I/O points"},
    Meaning{0x2505, "CPU bus error"},
    Meaning{0x2506, "I/O duplication"},
    Meaning{0x2507, "I/O bus error"},
    Meaning{0x2509, "SYSMAC BUS/2 error"},
    Meaning{0x250A, "CPU bus unit error"},
    Meaning{0x250D, "SYSMAC BUS word duplication"},
    Meaning{0x250F, "internal memory error"},
    Meaning{0x2510, "terminator missing"},
    Meaning{0x2601, "not protected"},
    Meaning{0x2602, "wrong password"},
    Meaning{0x2604, "protected, or too many commands waiting"},
    Meaning{0x2605, "service being executed"},
    Meaning{0x2606, "service stopped"},
    Meaning{0x2607, "no execution right"},
    Meaning{0x2608, "settings incomplete"},
    Meaning{0x2609, "necessary items not set"},
    Meaning{0x260A, "number already in use"},
    Meaning{0x260B, "error will not clear"},
    Meaning{0x3001, "access right held elsewhere"},
    Meaning{0x4001, "service aborted"},
};

/// W420, 7-4.
constexpr std::array kTcpErrors = {
    Meaning{0x01, "the header is not \"FINS\""},
    Meaning{0x02, "data length too long"},
    Meaning{0x03, "command not supported"},
    Meaning{tcp_error::kAllConnectionsInUse, "all connections are in use"},
    Meaning{tcp_error::kAlreadyConnected, "the node is already connected"},
    Meaning{tcp_error::kProtected, "protected: our address may not connect"},
    Meaning{tcp_error::kNodeOutOfRange, "client node address out of range"},
    Meaning{0x24, "client and server have the same node address"},
    Meaning{tcp_error::kNoNodeAddressLeft, "no node address is left to allot"},
};

constexpr bool before(const Meaning& a, const Meaning& b) {
  return a.code < b.code;
}
static_assert(std::is_sorted(kEndCodes.begin(), kEndCodes.end(), before));
static_assert(std::is_sorted(kTcpErrors.begin(), kTcpErrors.end(), before));

/// " (unit missing)", or nothing for a code that is in no manual.
template <std::size_t Count>
std::string explanation(const std::array<Meaning, Count>& meanings, std::uint32_t code) {
  const auto found = std::find_if(meanings.begin(), meanings.end(),
                                  [code](const Meaning& it) { return it.code == code; });
  return found == meanings.end() ? "" : fmt::format(" ({})", found->text);
}

}  // namespace

bool EndCode::is_busy() const {
  return code() == 0x0204 || code() == 0x2604;
}
bool EndCode::is_unit_missing() const {
  return code() == 0x0202 || code() == 0x0304 || code() == 0x0201 || code() == 0x0205;
}
bool EndCode::is_unsupported() const {
  return code() == 0x0401 || code() == 0x0402 || code() == 0x1001;
}

std::string describe(EndCode end_code) {
  return fmt::format("end code {:04X}{}{}", end_code.word, explanation(kEndCodes, end_code.code()),
                     end_code.is_relay_error() ? ", said by a relay on the way" : "");
}

bool is_full(std::uint32_t tcp_error) {
  return tcp_error == tcp_error::kAllConnectionsInUse || tcp_error == tcp_error::kNoNodeAddressLeft;
}

bool is_rejection(std::uint32_t tcp_error) {
  return tcp_error == tcp_error::kAlreadyConnected || tcp_error == tcp_error::kProtected ||
         tcp_error == tcp_error::kNodeOutOfRange;
}

std::string describe_tcp_error(std::uint32_t tcp_error) {
  return fmt::format("FINS/TCP error {:02X}{}", tcp_error, explanation(kTcpErrors, tcp_error));
}

}  // namespace ot::protocols::fins
