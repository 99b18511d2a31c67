-- The embedded S3: which buckets and objects there are. The bytes lie in files, one per row of object.file.
create schema object;

create table object.bucket (
  name       text collate "C" primary key,
  account_id text not null,
  created_at timestamptz not null default now()
);
comment on table object.bucket is 'Bucket names are unique over all accounts, as on AWS.';

create table object.object (
  bucket      text collate "C" not null references object.bucket (name),
  key         text collate "C" not null,
  content     uuid not null unique,
  size_bytes  bigint not null check (size_bytes >= 0),
  etag        text not null,
  headers     jsonb not null,
  metadata    jsonb not null,
  modified_at timestamptz not null default now(),
  primary key (bucket, key)
);
comment on column object.object.key is 'Collated as bytes: S3 lists keys in the order of their UTF-8 form.';
comment on column object.object.content is 'Names the files that make up the object; every write of the key makes a new one.';
comment on column object.object.etag is 'Without quotes: the MD5 of the bytes, or for a multipart upload the MD5 of the MD5s and the count of the parts.';
comment on column object.object.headers is 'What a read gives back beside the bytes, by header name: Content-Type, x-amz-server-side-encryption and so on.';
comment on column object.object.metadata is 'The user metadata, without its x-amz-meta- prefix.';

create table object.upload (
  id         uuid primary key,
  bucket     text collate "C" not null references object.bucket (name),
  key        text collate "C" not null,
  headers    jsonb not null,
  metadata   jsonb not null,
  started_at timestamptz not null default now()
);
comment on table object.upload is 'Multipart uploads that are neither completed nor aborted.';
comment on column object.upload.id is 'Becomes the content of the object when the upload is completed.';
create index upload_by_bucket on object.upload (bucket, key);
create index upload_by_age on object.upload (started_at);

create table object.file (
  content    uuid not null,
  number     integer not null,
  id         uuid not null unique,
  size_bytes bigint not null check (size_bytes >= 0),
  etag       text not null,
  written_at timestamptz not null default now(),
  primary key (content, number)
);
comment on table object.file is 'One file on disk each. A file without a row is what a crash left behind.';
comment on column object.file.content is 'An object''s content or an upload''s id; so to complete an upload moves no byte and no row.';
comment on column object.file.number is 'The part number; the order of numbers is the order of the bytes.';
comment on column object.file.id is 'The name of the file in the data folder.';
