#pragma once

#include "tests/plant/sockets.hpp"

namespace ot::plant {

/// Begins to answer at all sockets; the places must outlive the io_context.
void serve_all(asio::io_context& io, std::vector<Bound> bound);

/// The last words of a coroutine that ended by an exception.
void report(const std::exception_ptr& exception);

}  // namespace ot::plant
