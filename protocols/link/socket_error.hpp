#pragma once

#include <string_view>

#include <boost/system/error_code.hpp>

#include "base/result.hpp"

namespace ot::protocols::link {

/// What a socket says, as an error of ours: refused, unreachable, closed or io.
Error socket_error(const boost::system::error_code& code, std::string_view action);

}  // namespace ot::protocols::link
