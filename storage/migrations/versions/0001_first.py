"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cases',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('uuid', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('age_years', sa.Integer(), nullable=True),
    sa.Column('sex', sa.Text(), nullable=False),
    sa.Column('diagnosis', sa.Text(), nullable=False),
    sa.Column('bed', sa.Text(), nullable=False),
    sa.Column('weight_kg', sa.Double(), nullable=False),
    sa.Column('concentration_mg_per_ml', sa.Double(), nullable=False),
    sa.Column('syringe_ml', sa.Double(), nullable=False),
    sa.Column('simulated', sa.Boolean(), nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('baseline_sbp_mmhg', sa.Double(), nullable=True),
    sa.Column('utc_offset_min', sa.Integer(), nullable=False),
    sa.Column('setup_rest', sa.Text(), nullable=False),
    sa.Column('started_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('started_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('ended_utc_ns', sa.BigInteger(), nullable=True),
    sa.Column('ended_mono_ns', sa.BigInteger(), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=True),
    sa.Column('program_version', sa.Text(), nullable=False),
    sa.Column('chain_rows', sa.BigInteger(), nullable=False),
    sa.Column('chain_head', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('cases_by_uuid', 'cases', ['uuid'], unique=False)
    op.create_table('alarm_transitions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('condition', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('priority', sa.Text(), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('since_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('since_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('metric', sa.Text(), nullable=True),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('value', sa.Double(), nullable=True),
    sa.Column('limit_value', sa.Double(), nullable=True),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('prev_hash', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('alarm_transitions_by_case', 'alarm_transitions', ['case_id'], unique=False)
    op.create_table('commands',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('event_utc_ns', sa.BigInteger(), nullable=True),
    sa.Column('event_mono_ns', sa.BigInteger(), nullable=True),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('command', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('refused', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('prev_hash', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('commands_by_case', 'commands', ['case_id'], unique=False)
    op.create_table('device_alerts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('priority', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('technical', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('device_alerts_by_case', 'device_alerts', ['case_id'], unique=False)
    op.create_table('devices',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.Column('first_seen_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('first_seen_mono_ns', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('case_id', 'name')
    )
    op.create_table('dose_reports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=True),
    sa.Column('rate_ml_per_h', sa.Double(), nullable=True),
    sa.Column('stale', sa.Boolean(), nullable=False),
    sa.Column('rate_mg_per_h', sa.Double(), nullable=True),
    sa.Column('rate_mg_per_kg_h', sa.Double(), nullable=True),
    sa.Column('given_mg', sa.Double(), nullable=False),
    sa.Column('given_at_most_mg', sa.Double(), nullable=False),
    sa.Column('empty_in_s', sa.Double(), nullable=True),
    sa.Column('infusion_started_utc_ns', sa.BigInteger(), nullable=True),
    sa.Column('infusion_started_mono_ns', sa.BigInteger(), nullable=True),
    sa.Column('planned_mg_per_h', sa.Double(), nullable=True),
    sa.Column('step_number', sa.Integer(), nullable=True),
    sa.Column('step_count', sa.Integer(), nullable=False),
    sa.Column('next_step_mg_per_h', sa.Double(), nullable=True),
    sa.Column('next_step_in_s', sa.Double(), nullable=True),
    sa.Column('predicted_low_ng_per_ml', sa.Double(), nullable=True),
    sa.Column('predicted_high_ng_per_ml', sa.Double(), nullable=True),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('prev_hash', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('dose_reports_by_case', 'dose_reports', ['case_id'], unique=False)
    op.create_table('gaps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('since_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('since_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('until_utc_ns', sa.BigInteger(), nullable=True),
    sa.Column('until_mono_ns', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('gaps_by_case', 'gaps', ['case_id'], unique=False)
    op.create_table('link_states',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('bad_frames', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('link_states_by_case', 'link_states', ['case_id'], unique=False)
    op.create_table('numerics',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('metric', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('value', sa.Double(), nullable=True),
    sa.Column('validity', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('interval_s', sa.Double(), nullable=False),
    sa.Column('measured_utc_ns', sa.BigInteger(), nullable=True),
    sa.Column('measured_mono_ns', sa.BigInteger(), nullable=True),
    sa.Column('shown', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('numerics_by_case', 'numerics', ['case_id'], unique=False)
    op.create_table('pump_reports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('rate_ml_per_h', sa.Double(), nullable=True),
    sa.Column('infused_ml', sa.Double(), nullable=True),
    sa.Column('to_infuse_ml', sa.Double(), nullable=True),
    sa.Column('remaining_ml', sa.Double(), nullable=True),
    sa.Column('time_left_s', sa.Double(), nullable=True),
    sa.Column('pressure_percent', sa.Double(), nullable=True),
    sa.Column('drug', sa.Text(), nullable=True),
    sa.Column('concentration_mg_per_ml', sa.Double(), nullable=True),
    sa.Column('dose_rate', sa.Double(), nullable=True),
    sa.Column('dose_unit', sa.Text(), nullable=True),
    sa.Column('battery_min', sa.Double(), nullable=True),
    sa.Column('on_mains', sa.Boolean(), nullable=True),
    sa.Column('interval_s', sa.Double(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('prev_hash', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('pump_reports_by_case', 'pump_reports', ['case_id'], unique=False)
    op.create_table('runs',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('started_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('started_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('shift_ns', sa.BigInteger(), nullable=False),
    sa.Column('boot_id', sa.Text(), nullable=False),
    sa.Column('program_version', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('case_id', 'number')
    )
    op.create_table('self_reports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('ok', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('self_reports_by_case', 'self_reports', ['case_id'], unique=False)
    op.create_table('waveform_channels',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('metric', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('rate_hz', sa.Double(), nullable=False),
    sa.Column('unit_per_step', sa.Double(), nullable=False),
    sa.Column('unit_at_zero', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('case_id', 'number')
    )
    op.create_table('waveforms',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('at_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('until_mono_ns', sa.BigInteger(), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('waveforms_by_case', 'waveforms', ['case_id', 'at_mono_ns'], unique=False)
