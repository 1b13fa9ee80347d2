#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/result.hpp"

namespace ot {

namespace asio = boost::asio;

/// A coroutine of ours: its errors are values. Only a cancellation travels as
/// an exception.
template <class T>
using Task = asio::awaitable<Result<T>>;

}  // namespace ot
