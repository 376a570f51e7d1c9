# MAPRO's image: one for web, worker, scheduler and migrations. Nothing is fetched at run time.
FROM node:20-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home mapro \
    && install -d -o mapro -g mapro /srv/mapro/files /srv/mapro/var /srv/mapro/static
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=assets /build/node_modules ./node_modules
ENV PYTHONUNBUFFERED=1 \
    MAPRO_VAR=/srv/mapro/var \
    MAPRO_STATIC_ROOT=/srv/mapro/static \
    MAPRO_STORAGE_URL=file:///srv/mapro/files
RUN python bin/vendor && rm -rf node_modules \
    && SECRET_KEY=only-for-collectstatic python manage.py collectstatic --no-input \
    && chown -R mapro:mapro /srv/mapro
USER mapro
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "bin/healthy.py", "8000"]
CMD ["gunicorn", "mapro.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "4"]
