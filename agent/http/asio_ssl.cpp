// The TLS half of Boost.Asio, as base/async.cpp has the other.
#include <boost/asio/ssl/impl/src.hpp>
