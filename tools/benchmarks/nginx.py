"""The peer nginx, with and without nchan."""

from .process import free_port

CONFIGURATION = """
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
user root;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log warn;
worker_processes {workers};
worker_rlimit_nofile 19900;
events {{ worker_connections 19000; use epoll; }}
http {{
    access_log off;
    tcp_nodelay on;
    keepalive_requests 100000000;
    keepalive_timeout 1h;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {http}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        {server}
    }}
}}
"""

NCHAN = """
        location ~ ^/sub/(.+)$ {
            nchan_subscriber longpoll;
            nchan_channel_id $1;
            nchan_subscriber_first_message newest;
            nchan_subscriber_timeout 0;
        }
        location ~ ^/pub/(.+)$ {
            nchan_publisher;
            nchan_channel_id $1;
            nchan_message_buffer_length 1;
            nchan_message_timeout 5m;
        }
"""


def start(bench, server, workers=1, http="", cores=None):
    """Returns (process, port)."""
    folder, port = bench.subfolder("nginx"), free_port()
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=folder, workers=workers, port=port, server=server, http=http))
    process = bench.start("nginx", "/usr/sbin/nginx", "-c", file, "-p", folder, "-e", folder / "error.log", cores=cores)
    process.wait_for_port(port)
    return process, port


def start_nchan(bench):
    # One worker: its memory has no copies, and no message crosses from one worker to another.
    return start(bench, NCHAN, workers=1, http="nchan_shared_memory_size 512M;")
